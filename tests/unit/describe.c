// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is shown of a VIP, a real and a persistence entry.
 */

#include "kselftest_harness.h"

#include "describe.h"
#include "model.h"
#include "out.h"

/* A file in memory and what writes to it. */
struct sink {
	struct lb_out *out;
	char *text;
	size_t size;
	FILE *file;
};

FIXTURE(describe)
{
	struct sink sink;
	struct lb_real real;
	struct lb_vip vip;
};

FIXTURE_SETUP(describe)
{
	struct lb_vip *vip = &self->vip;

	memset(vip, 0, sizeof(*vip));
	lb_name_copy(vip->name, "CAS-WEB");
	lb_addr_parse("192.0.2.1", &vip->addr, NULL);
	vip->sched = L4LB_SCHED_MH;
	vip->orphan = L4LB_ORPHAN_KEEP;
	vip->no_real = L4LB_NO_REAL_ICMP;
	vip->hook = L4LB_HOOK_INPUT;
	vip->seed = 0xabc;
	vip->persist = 5400000;
	vip->mask = 24;
	vip->persists = 7;

	memset(&self->real, 0, sizeof(self->real));
	self->real.max_conns = 5000;
}

FIXTURE_TEARDOWN(describe)
{
	free(self->sink.text);
}

static void begin(struct __test_metadata *_metadata, struct sink *sink,
		  bool json)
{
	free(sink->text);
	sink->text = NULL;
	sink->file = open_memstream(&sink->text, &sink->size);
	ASSERT_NE(NULL, sink->file);
	sink->out = lb_out_new(sink->file, json, false);
	ASSERT_NE(NULL, sink->out);
	lb_out_object(sink->out, NULL);
}

static void end(struct __test_metadata *_metadata, struct sink *sink)
{
	ASSERT_EQ(0, lb_out_free(sink->out));
	fclose(sink->file);
}

/* Whether every one of the texts is in what was written. */
static bool has_all(const struct sink *sink, const char *const *texts)
{
	for (; *texts; texts++) {
		if (!strstr(sink->text, *texts)) {
			fprintf(stderr, "# no %s in %s\n", *texts, sink->text);
			return false;
		}
	}

	return true;
}

TEST_F(describe, a_vip_in_detail)
{
	static const char *const texts[] = {
		"\nsched         mh\n",
		"\npersist       90m\n",
		"\nmask          24\n",
		"\norphan        keep\n",
		"\nno-real       icmp\n",
		"\nhook          input\n",
		"\nseed          abc\n",
		"\npersists      7\n",
		NULL
	};
	static const char *const off[] = { "\npersist       off\n", NULL };
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, texts));

	self->vip.persist = 0;
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, off));
}

TEST_F(describe, a_vip_in_json)
{
	static const char *const texts[] = {
		"\"sched\":\"mh\"", "\"persist\":5400000", "\"mask\":24",
		"\"orphan\":\"keep\"", "\"no_real\":\"icmp\"", "\"hook\":\"input\"",
		"\"seed\":\"abc\"", "\"persists\":7", NULL
	};
	static const char *const off[] = { "\"persist\":0,", NULL };
	struct sink *sink = &self->sink;
	int detail;

	for (detail = 0; detail < 2; detail++) {
		begin(_metadata, sink, true);
		describe_vip(sink->out, &self->vip, detail);
		end(_metadata, sink);
		EXPECT_TRUE(has_all(sink, texts));
	}

	self->vip.persist = 0;
	begin(_metadata, sink, true);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, off));
}

TEST_F(describe, a_real)
{
	static const char *const text[] = { "\nmax-conns     5000\n", NULL };
	static const char *const json[] = { "\"max_conns\":5000", NULL };
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false);
	describe_real(sink->out, &self->real, true, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, text));

	begin(_metadata, sink, true);
	describe_real(sink->out, &self->real, false, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, json));
}

static void write_persist(struct lb_out *out, const char *client,
			  bool tentative, bool forever)
{
	struct lb_persist persist = {
		.vip = "CAS-WEB",
		.real = "CAS1",
		.left = 3599400,
		.age = 61700,
		.tentative = tentative,
		.forever = forever,
	};

	lb_prefix_parse(client, &persist.client, NULL);
	lb_out_object(out, NULL);
	describe_persist(out, &persist);
	lb_out_end(out);
}

static void write_persists(struct lb_out *out)
{
	lb_out_list(out, "persists");
	write_persist(out, "2001:db8::7", false, true);
	write_persist(out, "192.0.2.0/24", true, false);
	write_persist(out, "192.0.2.7", false, false);
	lb_out_end(out);
}

TEST_F(describe, persistence_entries_are_a_table)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false);
	write_persists(sink->out);
	end(_metadata, sink);
	EXPECT_STREQ("VIP      CLIENT        REAL   LEFT  AGE  STATE\n"
		     "CAS-WEB  2001:db8::7   CAS1      -  61s  forever\n"
		     "CAS-WEB  192.0.2.0/24  CAS1  3599s  61s  tentative\n"
		     "CAS-WEB  192.0.2.7     CAS1  3599s  61s  full\n",
		     sink->text);
}

TEST_F(describe, persistence_entries_in_json)
{
	static const char *const texts[] = {
		"{\"persists\":[{\"vip\":\"CAS-WEB\",\"client\":\"2001:db8::7\",",
		"\"real\":\"CAS1\",\"age\":61700,\"state\":\"forever\"},",
		"\"client\":\"192.0.2.0/24\",\"real\":\"CAS1\",\"left\":3599400,",
		"\"age\":61700,\"state\":\"tentative\"},",
		"\"client\":\"192.0.2.7\",",
		"\"age\":61700,\"state\":\"full\"}]}\n",
		NULL
	};
	struct sink *sink = &self->sink;

	begin(_metadata, sink, true);
	write_persists(sink->out);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, texts));
}

TEST_HARNESS_MAIN
