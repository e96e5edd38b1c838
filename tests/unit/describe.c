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
	vip->slow_start = 60000;
	strcpy(vip->dev, "none.such");
	vip->fallback_port = 8080;
	vip->allows = 2;
	lb_addr_parse("192.0.2.9", &vip->fallback, NULL);
	lb_allow_parse("192.0.2.50-60,10.0.0.0/8", &vip->allow, NULL);

	memset(&self->real, 0, sizeof(self->real));
	self->real.max_conns = 5000;
}

FIXTURE_TEARDOWN(describe)
{
	lb_vip_release(&self->vip);
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
		"\nfallback      192.0.2.9:8080\n",
		"\nslow-start    1m\n",
		"\ndev           none.such\n",
		"\nallow         10.0.0.0/8,192.0.2.50-192.0.2.60\n",
		NULL
	};
	static const char *const off[] = {
		"\npersist       off\n", "\nfallback      off\n",
		"\nslow-start    off\n", "\ndev           none\n",
		"\nallow         2 ranges\n", NULL
	};
	static const char *const any[] = { "\nallow         any\n", NULL };
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, texts));

	self->vip.persist = 0;
	self->vip.slow_start = 0;
	*self->vip.dev = '\0';
	self->vip.fallback.family = 0;
	lb_vip_release(&self->vip);
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, off));

	self->vip.allows = 0;
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, any));
}

/* In text alone: who reads JSON can put it together. */
TEST_F(describe, a_vip_that_waits)
{
	static const char *const waits[] = {
		"\nstate         waiting for none.such\n", NULL
	};
	static const char *const json[] = {
		"\"state\":\"no-address\"", NULL
	};
	static const char *const lacks[] = {
		"\nstate         no-address\n", NULL
	};
	struct sink *sink = &self->sink;

	self->vip.state = L4LB_VIP_NO_ADDRESS;
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, waits));

	begin(_metadata, sink, true);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, json));

	strcpy(self->vip.dev, "");
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, lacks));
}

TEST_F(describe, a_vip_in_json)
{
	static const char *const texts[] = {
		"\"sched\":\"mh\"", "\"persist\":5400000", "\"mask\":24",
		"\"orphan\":\"keep\"", "\"no_real\":\"icmp\"", "\"hook\":\"input\"",
		"\"seed\":\"abc\"", "\"persists\":7", "\"slow_start\":60000",
		"\"fallback\":\"192.0.2.9:8080\"", "\"allow_count\":2",
		"\"dev\":\"none.such\"", NULL
	};
	static const char *const detailed[] = {
		"\"allow\":[\"10.0.0.0/8\",\"192.0.2.50-192.0.2.60\"]", NULL
	};
	static const char *const off[] = {
		"\"persist\":0,", "\"slow_start\":0,", "\"dev\":\"\"",
		"\"fallback\":\"off\"", "\"allow\":[\"any\"]", NULL
	};
	struct sink *sink = &self->sink;
	int detail;

	for (detail = 0; detail < 2; detail++) {
		begin(_metadata, sink, true);
		describe_vip(sink->out, &self->vip, detail);
		end(_metadata, sink);
		EXPECT_TRUE(has_all(sink, texts));
	}
	EXPECT_TRUE(has_all(sink, detailed));

	self->vip.persist = 0;
	self->vip.slow_start = 0;
	*self->vip.dev = '\0';
	self->vip.fallback.family = 0;
	self->vip.allows = 0;
	lb_vip_release(&self->vip);
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

TEST_F(describe, a_check)
{
	char plain[] = "path=/owa/ body=\"a b\"";
	char quotes[] = "body='a \"b\"' regex=\\.";
	struct lb_check *check = &self->vip.check;
	static const char *const text[] = {
		"\ncheck         https interval 5s fast 1s timeout 3s rise 2",
		" fall 3 via vip agent 6556 guard 50 secret mail",
		" args 'path=/owa/ body=\"a b\"'\n", NULL
	};
	static const char *const other[] = {
		"args \"body='a \\\"b\\\"' regex=\\\\.\"\n", NULL
	};
	static const char *const json[] = {
		"\"fast\":1000", "\"via\":\"vip\"", "\"agent\":6556",
		"\"guard\":50", "\"secret\":\"mail\"",
		"\"args\":\"path=/owa/ body=\\\"a b\\\"\"", NULL
	};
	struct sink *sink = &self->sink;

	*check = (struct lb_check) {
		.has = LB_BIT(L4LB_A_CHECK_ARGS), .type = "https",
		.interval = 5000, .fast = 1000, .timeout = 3000, .rise = 2,
		.fall = 3, .via = L4LB_VIA_VIP, .agent = 6556, .guard = 50,
		.secret = "mail", .args = plain,
	};
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, text));

	begin(_metadata, sink, true);
	describe_vip(sink->out, &self->vip, false);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, json));

	check->args = quotes;
	begin(_metadata, sink, false);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, other));

	check->has = 0;
	check->args = NULL;
	begin(_metadata, sink, true);
	describe_vip(sink->out, &self->vip, true);
	end(_metadata, sink);
	EXPECT_EQ(NULL, strstr(sink->text, "\"args\""));
}

TEST_F(describe, what_a_check_has_found)
{
	static const char *const text[] = {
		"\nresult        sick\n", "\nresult text   421 too busy\n",
		"\nrtt           1.2ms\n", "\nflaps         3\n",
		"\nagent         75% drain\n", NULL
	};
	static const char *const json[] = {
		"\"result\":\"sick\"", "\"result_text\":\"421 too busy\"",
		"\"rtt_us\":1234", "\"flaps\":3", "\"agent_weight\":75",
		"\"agent_state\":\"drain\"", NULL
	};
	static const char *const none[] = {
		"\nresult        unknown\n", "\nresult text   -\n",
		"\nrtt           -\n", "\nflaps         0\n",
		"\nagent         -\n", NULL
	};
	struct lb_real *real = &self->real;
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false);
	describe_real(sink->out, real, true, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, none));

	real->has = LB_BIT(L4LB_A_REAL_AGENT_WEIGHT) |
		    LB_BIT(L4LB_A_REAL_AGENT_ADMIN);
	real->result = L4LB_HEALTH_SICK;
	strcpy(real->result_text, "421 too busy");
	real->rtt = 1234;
	real->flaps = 3;
	real->agent_weight = 75;
	real->agent_admin = L4LB_ADMIN_DRAIN;
	begin(_metadata, sink, false);
	describe_real(sink->out, real, true, true);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, text));

	begin(_metadata, sink, true);
	describe_real(sink->out, real, false, false);
	end(_metadata, sink);
	EXPECT_TRUE(has_all(sink, json));

	real->agent_weight = 100;
	real->agent_admin = L4LB_ADMIN_ONLINE;
	real->rtt = 2345678;
	begin(_metadata, sink, false);
	describe_real(sink->out, real, true, true);
	end(_metadata, sink);
	EXPECT_NE(NULL, strstr(sink->text, "\nrtt           2.34s\n"));
	EXPECT_NE(NULL, strstr(sink->text, "\nagent         -\n"));
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
