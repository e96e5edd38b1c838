// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is measured is a page as Prometheus reads it. tests/chk_metrics.sh has
 * it read by Prometheus' own tool.
 */

#include "kselftest_harness.h"

#include "metrics.h"
#include "model.h"
#include "probe.h"

#include <event2/buffer.h>

FIXTURE(metrics) {
	struct metrics *metrics;
	struct evbuffer *page;
	struct lb_vip vip;
	struct lb_real real;
	struct lb_info info;
};

FIXTURE_SETUP(metrics)
{
	memset(self, 0, sizeof(*self));
	self->metrics = metrics_new();
	self->page = evbuffer_new();
	ASSERT_NE(NULL, self->metrics);

	lb_name_copy(self->vip.name, "SMTP");
	ASSERT_EQ(0, lb_addr_parse("203.0.113.10", &self->vip.addr, NULL));
	ASSERT_EQ(0, lb_ports_parse("25,587", &self->vip.ports, NULL));
	self->vip.protos = L4LB_PROTO_TCP;
	self->vip.mode = L4LB_MODE_DR;
	self->vip.sched = L4LB_SCHED_WRR;
	self->vip.state = L4LB_VIP_DEGRADED;
	self->vip.stats.in_bytes = UINT64_MAX;
	self->vip.drops.count = 1;
	self->vip.drops.drop[0].reason = L4LB_DROP_NO_REAL;
	self->vip.drops.drop[0].packets = 7;

	lb_name_copy(self->real.vip, "SMTP");
	lb_name_copy(self->real.name, "HT1");
	ASSERT_EQ(0, lb_addr_parse("2001:db8::1", &self->real.addr, NULL));
	self->real.health = L4LB_HEALTH_UP;
	self->real.admin = L4LB_ADMIN_ONLINE;
	self->real.weight = 100;
	self->real.has = LB_BIT(L4LB_A_REAL_RTT) |
			 LB_BIT(L4LB_A_REAL_AGENT_WEIGHT);
	self->real.rtt = 1234567;
	self->real.agent_weight = 75;
	snprintf(self->info.version, sizeof(self->info.version),
		 "1.0 \"a\\b\"");
}

FIXTURE_TEARDOWN(metrics)
{
	metrics_free(self->metrics);
	evbuffer_free(self->page);
}

static const char *page_text(FIXTURE_DATA(metrics) * self)
{
	if (metrics_take(self->metrics, self->page))
		abort();
	evbuffer_add(self->page, "", 1);

	return (const char *)evbuffer_pullup(self->page, -1);
}

static bool has(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	return at && (at == text || at[-1] == '\n') &&
	       at[strlen(line)] == '\n';
}

TEST_F(metrics, an_empty_page_is_empty)
{
	EXPECT_STREQ("", page_text(self));
}

TEST_F(metrics, objects_become_samples)
{
	const char *text;

	metrics_vip(self->metrics, &self->vip);
	metrics_real(self->metrics, &self->real);
	metrics_info(self->metrics, &self->info);
	text = page_text(self);
	EXPECT_NE(NULL, strstr(text, "l4lb_vip_info{vip=\"SMTP\",address=\"203.0.113.10\",ports="));
	EXPECT_NE(NULL, strstr(text, ",ports=\"25,587\",protocols=\"tcp\",mode=\"dr\","));
	EXPECT_NE(NULL, strstr(text, ",mode=\"dr\",scheduler=\"wrr\"} 1\n"));
	EXPECT_TRUE(has(text, "l4lb_vip_state{vip=\"SMTP\",state=\"degraded\"} 1"));
	EXPECT_TRUE(has(text, "l4lb_vip_state{vip=\"SMTP\",state=\"up\"} 0"));
	EXPECT_NE(NULL, strstr(text, "{vip=\"SMTP\",direction=\"in\"} 18446744073709551615\n"));
	EXPECT_TRUE(has(text, "l4lb_vip_drops_total{vip=\"SMTP\",reason=\"no-real\"} 7"));
	EXPECT_NE(NULL, strstr(text, "l4lb_real_info{vip=\"SMTP\",real=\"HT1\",address="));
	EXPECT_NE(NULL, strstr(text, ",address=\"2001:db8::1\",port=\"0\"} 1\n"));
	EXPECT_TRUE(has(text, "l4lb_real_health{vip=\"SMTP\",real=\"HT1\",health=\"up\"} 1"));
	EXPECT_TRUE(has(text, "l4lb_real_check_seconds{vip=\"SMTP\",real=\"HT1\"} 1.234567"));
	EXPECT_TRUE(has(text, "l4lb_real_agent_weight_ratio{vip=\"SMTP\",real=\"HT1\"} 0.75"));
	EXPECT_TRUE(has(text, "l4lb_info{version=\"1.0 \\\"a\\\\b\\\"\"} 1"));
	EXPECT_TRUE(has(text, "# TYPE l4lb_drops_total counter"));
}

TEST_F(metrics, samples_of_a_metric_are_together)
{
	const char *text, *at;
	unsigned int i, n = 0;

	for (i = 0; i < 3; i++) {
		snprintf(self->real.name, sizeof(self->real.name), "HT%u", i);
		metrics_real(self->metrics, &self->real);
	}
	text = page_text(self);
	for (at = text; (at = strstr(at, "# TYPE l4lb_real_weight ")); at++)
		n++;
	EXPECT_EQ(1, n);
	EXPECT_TRUE(strstr(text, "l4lb_real_weight{vip=\"SMTP\",real=\"HT0\"} 100\n"
			   "l4lb_real_weight{vip=\"SMTP\",real=\"HT1\"} 100\n"
			   "l4lb_real_weight{vip=\"SMTP\",real=\"HT2\"} 100\n"));
}

TEST_F(metrics, a_histogram_adds_up)
{
	struct probe_stats stats = { .type = "tcp", .us = 2500 };
	struct figures figures = { .types = 1, .stats = &stats };
	const char *text;

	stats.results[CHECK_UP] = 3;
	stats.bucket[0] = 2;
	stats.bucket[PROBE_BUCKETS] = 1;
	metrics_figures(self->metrics, &figures);
	text = page_text(self);
	EXPECT_TRUE(has(text, "l4lb_up 0"));
	EXPECT_TRUE(has(text, "l4lb_check_results_total{type=\"tcp\",result=\"up\"} 3"));
	EXPECT_TRUE(has(text, "l4lb_check_duration_seconds_bucket{type=\"tcp\",le=\"0.0005\"} 2"));
	EXPECT_TRUE(has(text, "l4lb_check_duration_seconds_bucket{type=\"tcp\",le=\"5\"} 2"));
	EXPECT_TRUE(has(text, "l4lb_check_duration_seconds_bucket{type=\"tcp\",le=\"+Inf\"} 3"));
	EXPECT_TRUE(has(text, "l4lb_check_duration_seconds_sum{type=\"tcp\"} 0.002500"));
	EXPECT_TRUE(has(text, "l4lb_check_duration_seconds_count{type=\"tcp\"} 3"));
}

TEST_F(metrics, what_is_cleared_is_gone)
{
	metrics_vip(self->metrics, &self->vip);
	metrics_clear(self->metrics);
	EXPECT_STREQ("", page_text(self));
}

TEST_HARNESS_MAIN
