/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a check logs in with.
 */

#ifndef _LBCHECKD_SECRET_H
#define _LBCHECKD_SECRET_H

struct lb_err;

#define SECRET_MAX	255

/**
 * struct secret - what a check logs in with
 * @user: name; empty for none
 * @password: password
 */
struct secret {
	char user[SECRET_MAX + 1];
	char password[SECRET_MAX + 1];
};

int secret_read(struct secret *secret, const char *dir, const char *name,
		struct lb_err *err);
void secret_clear(struct secret *secret);

#endif /* _LBCHECKD_SECRET_H */
