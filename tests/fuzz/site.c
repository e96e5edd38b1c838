// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator writes into a file for lbctl apply. What is understood
 * and written again is the same again, and nothing has changed.
 */

#include "change.h"
#include "err.h"
#include "site.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int site_take(struct lb_site *site, const char *text, size_t size)
{
	char *copy = malloc(size + 1);
	struct lb_err err = { 0 };
	int ret;

	memcpy(copy, text, size);
	ret = lb_site_parse(site, "file", copy, size, &err);
	free(copy);
	if (!ret)
		ret = lb_site_check(site, "file", &err);
	if (ret && !*err.text)
		abort();

	return ret;
}

static char *site_text(const struct lb_site *site, size_t *size)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, size);

	lb_site_write(site, file);
	fclose(file);

	return text;
}

/*
 * A state that is not said is not written either. What is not said of the
 * namespace is its default, which only the module knows.
 */
static void site_again(const struct lb_site *site)
{
	struct lb_site again;
	struct lb_plan plan;
	char *text, *other;
	size_t size, length;

	text = site_text(site, &size);
	if (site_take(&again, text, size) ||
	    lb_plan_make(&plan, site, &again, NULL) || plan.count)
		abort();
	other = site_text(&again, &length);
	if (length != size || memcmp(text, other, size))
		abort();
	lb_plan_free(&plan);
	lb_site_free(&again);
	free(other);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lb_site site;

	/* Lists in other files are not what is looked at. */
	if (memchr(data, '@', size))
		return 0;
	if (!site_take(&site, (const char *)data, size))
		site_again(&site);
	lb_site_free(&site);

	return 0;
}
