/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives a page to whoever asks for it by HTTP on this host.
 */

#ifndef _LBCHECKD_SCRAPE_H
#define _LBCHECKD_SCRAPE_H

#include <stdbool.h>

struct evbuffer;
struct event_base;
struct lb_err;
struct scrape;

/**
 * typedef scrape_cb - asked for the page
 * @data: as given to scrape_new()
 *
 * It is given by scrape_page(), at once or later, once for all who have asked
 * meanwhile.
 */
typedef void (*scrape_cb)(void *data);

int scrape_new(struct scrape **scrapep, struct event_base *base,
	       const char *where, scrape_cb cb, void *data,
	       struct lb_err *err);
void scrape_free(struct scrape *scrape);
void scrape_page(struct scrape *scrape, struct evbuffer *page);
const char *scrape_judge(char *request, bool *head);

#endif /* _LBCHECKD_SCRAPE_H */
