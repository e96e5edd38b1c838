/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects to the command line's words, which make them again.
 */

#ifndef _LB_WRITE_H
#define _LB_WRITE_H

#include "model.h"

#include <stdio.h>

void lb_write_vip(FILE *file, const char *verb, const struct lb_vip *vip);
void lb_write_vip_options(FILE *file, const struct lb_vip *vip, uint32_t has);
void lb_write_real(FILE *file, const char *verb, const struct lb_real *real);
void lb_write_real_options(FILE *file, const struct lb_real *real,
			   uint32_t has);
void lb_write_info(FILE *file, const struct lb_info *info, uint32_t has);
void lb_write_pin(FILE *file, const struct lb_persist *pin);

#endif /* _LB_WRITE_H */
