/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the balancer can be asked and told, one function for each.
 */

#ifndef _LB_REQUEST_H
#define _LB_REQUEST_H

#include "model.h"

struct lb_err;
struct lb_nl;

/**
 * typedef lb_conn_cb - takes one connection of many
 * @conn: the connection
 * @data: as given to lb_conn_list()
 */
typedef void (*lb_conn_cb)(const struct lb_conn *conn, void *data);

/**
 * typedef lb_persist_cb - takes one persistence entry of many
 * @persist: the entry
 * @data: as given to lb_persist_list()
 */
typedef void (*lb_persist_cb)(const struct lb_persist *persist, void *data);

int lb_info_get(struct lb_nl *nl, struct lb_info *info, struct lb_err *err);
int lb_info_set(struct lb_nl *nl, const struct lb_info *info,
		struct lb_err *err);
int lb_vip_get(struct lb_nl *nl, const char *name, struct lb_vip *vip,
	       struct lb_err *err);
int lb_vip_list(struct lb_nl *nl, struct lb_vip **vips, size_t *count,
		struct lb_err *err);
int lb_vip_send(struct lb_nl *nl, uint8_t cmd, bool replace,
		const struct lb_vip *vip, struct lb_err *err);
int lb_allow_list(struct lb_nl *nl, const char *vip, struct lb_allow *allow,
		  struct lb_err *err);
int lb_real_get(struct lb_nl *nl, const char *vip, const char *name,
		struct lb_real *real, struct lb_err *err);
int lb_real_list(struct lb_nl *nl, const char *vip, struct lb_real **reals,
		 size_t *count, struct lb_err *err);
int lb_real_send(struct lb_nl *nl, uint8_t cmd, bool replace,
		 const struct lb_real *real, struct lb_err *err);
int lb_conn_list(struct lb_nl *nl, const struct lb_filter *filter,
		 lb_conn_cb cb, void *data, struct lb_err *err);
int lb_conn_del(struct lb_nl *nl, const struct lb_filter *filter,
		uint32_t *count, struct lb_err *err);
int lb_persist_list(struct lb_nl *nl, const struct lb_filter *filter,
		    lb_persist_cb cb, void *data, struct lb_err *err);
int lb_persist_add(struct lb_nl *nl, const struct lb_persist *persist,
		   struct lb_err *err);
int lb_persist_del(struct lb_nl *nl, const struct lb_filter *filter,
		   uint32_t *count, struct lb_err *err);
int lb_probe_send(struct lb_nl *nl, uint8_t cmd, const struct lb_probe *probe,
		  struct lb_err *err);
int lb_txn_begin(struct lb_nl *nl, uint32_t generation, struct lb_err *err);
int lb_txn_commit(struct lb_nl *nl, bool dry_run, int64_t *message,
		  struct lb_err *err);
int lb_simple_send(struct lb_nl *nl, uint8_t cmd, struct lb_err *err);

#endif /* _LB_REQUEST_H */
