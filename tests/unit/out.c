// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same calls write text and JSON.
 */

#include "kselftest_harness.h"

#include "out.h"

#include <jansson.h>
#include <time.h>

/* A file in memory and what writes to it. */
struct sink {
	struct lb_out *out;
	char *text;
	size_t size;
	FILE *file;
};

FIXTURE(out)
{
	struct sink sink;
};

FIXTURE_SETUP(out)
{
}

FIXTURE_TEARDOWN(out)
{
	free(self->sink.text);
}

static void begin(struct __test_metadata *_metadata, struct sink *sink,
		  bool json, bool pretty)
{
	free(sink->text);
	sink->text = NULL;
	sink->file = open_memstream(&sink->text, &sink->size);
	ASSERT_NE(NULL, sink->file);
	sink->out = lb_out_new(sink->file, json, pretty);
	ASSERT_NE(NULL, sink->out);
}

static void end(struct __test_metadata *_metadata, struct sink *sink)
{
	ASSERT_EQ(0, lb_out_free(sink->out));
	fclose(sink->file);
}

static void write_record(struct lb_out *out)
{
	lb_out_object(out, NULL);
	lb_out_str(out, "name", "name", "CAS-WEB");
	lb_out_uint(out, "bytes", "bytes", 1ULL << 62);
	lb_out_span(out, "idle", "idle", 7440000);
	lb_out_bool(out, "serves", "serves", true);
	lb_out_str(out, "empty", "empty", "");
	lb_out_str(out, NULL, "text only", "a");
	lb_out_str(out, "json_only", NULL, "b");
	lb_out_object(out, "check");
	lb_out_str(out, "type", NULL, "tcp");
	lb_out_end(out);
	lb_out_end(out);
}

TEST_F(out, an_object_is_lines_of_label_and_value)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false, false);
	write_record(sink->out);
	end(_metadata, sink);
	EXPECT_STREQ("name          CAS-WEB\n"
		     "bytes         4611686018427387904\n"
		     "idle          124m\n"
		     "serves        yes\n"
		     "empty         -\n"
		     "text only     a\n", sink->text);
}

TEST_F(out, an_object_is_json)
{
	static const char json[] =
		"{\n"
		"  \"name\": \"CAS-WEB\",\n"
		"  \"bytes\": 4611686018427387904,\n"
		"  \"idle\": 7440000,\n"
		"  \"serves\": true,\n"
		"  \"empty\": \"\",\n"
		"  \"json_only\": \"b\",\n"
		"  \"check\": {\n"
		"    \"type\": \"tcp\"\n"
		"  }\n"
		"}\n";
	struct sink *sink = &self->sink;

	begin(_metadata, sink, true, true);
	write_record(sink->out);
	end(_metadata, sink);
	EXPECT_STREQ(json, sink->text);
}

static void write_table(struct lb_out *out, int vips, int reals)
{
	char name[16];
	int i, j;

	lb_out_object(out, NULL);
	lb_out_list(out, "vips");
	for (i = 0; i < vips; i++) {
		lb_out_object(out, NULL);
		snprintf(name, sizeof(name), "VIP%d", i);
		lb_out_str(out, "name", "vip", name);
		lb_out_str(out, "state", "state", i % 2 ? "" : "up");
		lb_out_uint(out, "conns", "conns", i);
		lb_out_list(out, "reals");
		for (j = 0; j < reals; j++) {
			lb_out_object(out, NULL);
			snprintf(name, sizeof(name), "R%d", j);
			lb_out_str(out, "name", "real", name);
			lb_out_str(out, "reason", "reason", j ? "" : "why");
			lb_out_end(out);
		}
		lb_out_end(out);
		lb_out_end(out);
	}
	lb_out_end(out);
	lb_out_end(out);
}

TEST_F(out, a_list_is_an_aligned_table)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false, false);
	write_table(sink->out, 2, 2);
	end(_metadata, sink);
	EXPECT_STREQ("VIP   STATE  CONNS\n"
		     "  REAL  REASON\n"
		     "VIP0  up         0\n"
		     "  R0    why\n"
		     "  R1\n"
		     "VIP1  -          1\n"
		     "  R0    why\n"
		     "  R1\n", sink->text);
}

TEST_F(out, an_empty_table_is_nothing)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false, false);
	write_table(sink->out, 0, 0);
	end(_metadata, sink);
	EXPECT_EQ(0, sink->size);

	begin(_metadata, sink, true, false);
	write_table(sink->out, 0, 0);
	end(_metadata, sink);
	EXPECT_STREQ("{\"vips\":[]}\n", sink->text);
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';

	return lines;
}

TEST_F(out, long_tables_are_complete)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false, false);
	write_table(sink->out, 3000, 2);
	end(_metadata, sink);
	EXPECT_EQ(3000 * 3 + 2, count_lines(sink->text));
	EXPECT_NE(NULL, strstr(sink->text, "\nVIP2999 "));

	begin(_metadata, sink, false, false);
	write_table(sink->out, 2, 3000);
	end(_metadata, sink);
	EXPECT_EQ(2 * 3001 + 2, count_lines(sink->text));
}

TEST_F(out, json_of_any_size_can_be_parsed)
{
	struct sink *sink = &self->sink;
	json_t *root, *vips;
	int pretty;

	for (pretty = 0; pretty < 2; pretty++) {
		begin(_metadata, sink, true, pretty);
		write_table(sink->out, 700, 3);
		end(_metadata, sink);
		root = json_loads(sink->text, 0, NULL);
		ASSERT_NE(NULL, root);
		vips = json_object_get(root, "vips");
		EXPECT_EQ(700, json_array_size(vips));
		vips = json_array_get(vips, 699);
		EXPECT_EQ(699, json_integer_value(json_object_get(vips,
								  "conns")));
		EXPECT_EQ(3, json_array_size(json_object_get(vips, "reals")));
		json_decref(root);
	}
}

TEST_F(out, pretty_json_has_line_breaks)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, true, true);
	write_table(sink->out, 1, 0);
	end(_metadata, sink);
	EXPECT_STREQ("{\n"
		     "  \"vips\": [\n"
		     "    {\n"
		     "      \"name\": \"VIP0\",\n"
		     "      \"state\": \"up\",\n"
		     "      \"conns\": 0,\n"
		     "      \"reals\": []\n"
		     "    }\n"
		     "  ]\n"
		     "}\n", sink->text);
}

TEST_F(out, json_text_is_quoted)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, true, false);
	lb_out_object(sink->out, NULL);
	lb_out_str(sink->out, "reason", "reason", "say \"a\\b\"\n\x01");
	end(_metadata, sink);
	EXPECT_STREQ("{\"reason\":\"say \\\"a\\\\b\\\"\\n\\u0001\"}\n",
		     sink->text);
}

TEST_F(out, wide_characters_are_one_column)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false, false);
	lb_out_list(sink->out, NULL);
	lb_out_object(sink->out, NULL);
	lb_out_str(sink->out, "a", "a", "\xc3\xbc\xc3\xbc");
	lb_out_str(sink->out, "b", "b", "x");
	lb_out_end(sink->out);
	lb_out_object(sink->out, NULL);
	lb_out_str(sink->out, "a", "a", "abc");
	lb_out_str(sink->out, "b", "b", "y");
	end(_metadata, sink);
	EXPECT_STREQ("A    B\n\xc3\xbc\xc3\xbc   x\nabc  y\n", sink->text);
}

TEST_F(out, points_in_time)
{
	struct sink *sink = &self->sink;

	setenv("TZ", "UTC", 1);
	tzset();

	begin(_metadata, sink, false, false);
	lb_out_object(sink->out, NULL);
	lb_out_when(sink->out, "since", "since", 86400123);
	lb_out_when(sink->out, "never", "never", 0);
	end(_metadata, sink);
	EXPECT_STREQ("since         1970-01-02 00:00:00\n"
		     "never         -\n", sink->text);

	begin(_metadata, sink, true, false);
	lb_out_object(sink->out, NULL);
	lb_out_when(sink->out, "since", "since", 1700000000123);
	end(_metadata, sink);
	EXPECT_STREQ("{\"since\":1700000000123}\n", sink->text);
}

TEST_F(out, a_blank_line_parts_a_table_from_what_was_before)
{
	struct sink *sink = &self->sink;

	begin(_metadata, sink, false, false);
	lb_out_object(sink->out, NULL);
	lb_out_uint(sink->out, "a", "a", 1);
	write_table(sink->out, 1, 0);
	end(_metadata, sink);
	EXPECT_STREQ("a             1\n\n"
		     "VIP   STATE  CONNS\n"
		     "VIP0  up         0\n", sink->text);
}

TEST_F(out, a_full_disk_is_an_error)
{
	FILE *full = fopen("/dev/full", "w");
	struct lb_out *out;

	if (!full)
		SKIP(return, "no /dev/full");
	out = lb_out_new(full, false, false);
	ASSERT_NE(NULL, out);
	lb_out_object(out, NULL);
	lb_out_uint(out, "a", "a", 1);
	EXPECT_EQ(-ENOSPC, lb_out_free(out));
	fclose(full);
}

TEST_HARNESS_MAIN
