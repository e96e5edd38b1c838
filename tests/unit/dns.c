// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions to a name server, and what its answers mean, whatever they are.
 */

#include "kselftest_harness.h"

#include "args.h"
#include "dns.h"

#define ID	0x1234

/* A message that is put together. */
struct message {
	uint8_t bytes[1024];
	size_t len;
};

static void put(struct message *message, const void *bytes, size_t len)
{
	memcpy(message->bytes + message->len, bytes, len);
	message->len += len;
}

static void put16(struct message *message, unsigned int value)
{
	const uint8_t bytes[] = { value >> 8, value };

	put(message, bytes, sizeof(bytes));
}

/* An answer to the question, with so many records to come. */
static void answer(struct message *message, const struct dns_query *query,
		   unsigned int flags, unsigned int records)
{
	message->len = 0;
	put16(message, ID);
	put16(message, flags);
	put16(message, 1);
	put16(message, records);
	put16(message, 0);
	put16(message, 0);
	put(message, query->bytes + 12, query->len - 12);
}

/* A record of the name that was asked for. */
static void record(struct message *message, unsigned int type,
		   const void *data, size_t len)
{
	put16(message, 0xc00c);
	put16(message, type);
	put16(message, 1);
	put16(message, 0);
	put16(message, 60);
	put16(message, len);
	put(message, data, len);
}

static int ask(struct dns_query *query, struct lb_args *args, const char *text)
{
	if (lb_args_parse(args, text, NULL))
		return -1;

	return dns_query_make(query, args, ID);
}

/* What is said of a message; it is in memory of just its size. */
static const char *judge(const struct dns_query *query,
			 const struct message *message, int *verdict)
{
	static char text[DNS_TEXT];
	uint8_t *exact = malloc(message->len ? message->len : 1);

	memcpy(exact, message->bytes, message->len);
	*verdict = dns_judge(query, exact, message->len, text, sizeof(text));
	free(exact);

	return text;
}

TEST(questions)
{
	static const uint8_t want[] = {
		0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
		4, 'm', 'a', 'i', 'l', 1, 'x', 0, 0, 15, 0, 1,
	};
	struct dns_query query;
	struct lb_args args;
	char text[600];

	ASSERT_EQ(0, ask(&query, &args, "name=mail.x type=MX"));
	ASSERT_EQ(sizeof(want), query.len);
	EXPECT_EQ(0, memcmp(want, query.bytes, sizeof(want)));
	ASSERT_EQ(0, ask(&query, &args, "name=mail.x. type=MX"));
	EXPECT_EQ(sizeof(want), query.len);

	ASSERT_EQ(0, ask(&query, &args, "name=."));
	EXPECT_EQ(17, query.len);
	EXPECT_EQ(1, query.type);
	ASSERT_EQ(0, ask(&query, &args, "name=192.0.2.1 type=PTR"));
	EXPECT_EQ(0, memcmp(query.bytes + 12, "\0011\0012\0010\003192\007in-addr\004arpa",
			    24));
	ASSERT_EQ(0, ask(&query, &args, "name=2001:db8::1 type=PTR"));
	EXPECT_EQ(12 + 64 + 10 + 4, query.len);

	EXPECT_NE(0, ask(&query, &args, "type=A"));
	EXPECT_NE(0, ask(&query, &args, "name=a..b"));
	EXPECT_NE(0, ask(&query, &args, "name=.a"));
	sprintf(text, "name=%063d.%063d.%063d.%061d", 0, 0, 0, 0);
	EXPECT_EQ(0, ask(&query, &args, text));
	sprintf(text, "name=%063d.%063d.%063d.%062d", 0, 0, 0, 0);
	EXPECT_NE(0, ask(&query, &args, text));
	sprintf(text, "name=%064d", 0);
	EXPECT_NE(0, ask(&query, &args, text));
}

TEST(records_that_are_expected)
{
	static const struct {
		const char *args;
		unsigned int type;
		const char *data;
		size_t len;
		const char *text;
		int verdict;
	} cases[] = {
		{ "", 1, "\xc0\0\2\1", 4, "A", DNS_GOOD },
		{ "expect=192.0.2.1", 1, "\xc0\0\2\1", 4, "A 192.0.2.1", DNS_GOOD },
		{ "expect=192.0.2.2", 1, "\xc0\0\2\1", 4, "no A is 192.0.2.2", DNS_WRONG },
		{ "", 28, "\xc0\0\2\1", 4, "no A", DNS_WRONG },
		{ "", 1, "\xc0\0\2\1", 3, "the answer makes no sense", DNS_WRONG },
		{ "type=AAAA expect=2001:DB8:0::1", 28,
		  "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16,
		  "AAAA 2001:DB8:0::1", DNS_GOOD },
		{ "type=MX expect=MAIL.x.", 15, "\0\12\4mail\300\22", 9, "MX MAIL.x.", DNS_GOOD },
		{ "type=MX expect='10 mail.x'", 15, "\0\12\4mail\300\22", 9,
		  "MX 10 mail.x", DNS_GOOD },
		{ "type=MX expect=mail", 15, "\0\12\4mail\300\22", 9, "no MX is mail", DNS_WRONG },
		{ "type=MX", 15, "\0", 1, "the answer makes no sense", DNS_WRONG },
		{ "type=TXT expect=spf1", 16, "\3v=s\3pf1", 8, "TXT spf1", DNS_GOOD },
		{ "type=TXT expect=x", 16, "\3v=s\4pf1", 8,
		  "the answer makes no sense", DNS_WRONG },
		{ "type=TXT expect=x", 16, "", 0, "no TXT is x", DNS_WRONG },
		{ "type=SRV expect='1 2 443 mail.x'", 33, "\0\1\0\2\1\273\4mail\1x", 14,
		  "SRV 1 2 443 mail.x", DNS_GOOD },
		{ "type=SRV expect=443", 33, "\0\1\0\2\1\273\4mail\1x", 14, "SRV 443", DNS_GOOD },
		{ "type=SOA expect=7", 6, "\1a\0\1b\0\0\0\0\7", 10, "SOA 7", DNS_GOOD },
		{ "type=SOA expect=7", 6, "\1a\0\1b\0\0\0\0", 9,
		  "the answer makes no sense", DNS_WRONG },
		{ "type=NS expect=a", 2, "\1a\0", 3, "NS a", DNS_GOOD },
		{ "type=CNAME expect=a", 5, "\1a\0", 3, "CNAME a", DNS_GOOD },
		{ "type=PTR expect=a", 12, "\1a\0", 3, "PTR a", DNS_GOOD },
		{ "type=PTR expect=a.b", 12, "\3a.b\0", 5, "no PTR is a.b", DNS_WRONG },
	};
	struct message message;
	struct dns_query query;
	struct lb_args args;
	const char *text;
	char words[128];
	int verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		sprintf(words, "name=asked.x %s", cases[i].args);
		ASSERT_EQ(0, ask(&query, &args, words));
		answer(&message, &query, 0x8180, 1);
		record(&message, cases[i].type, cases[i].data, cases[i].len);
		text = judge(&query, &message, &verdict);
		EXPECT_EQ(cases[i].verdict, verdict)
			TH_LOG("%s: %s", words, text);
		EXPECT_STREQ(cases[i].text, text);
	}
}

TEST(one_of_several_is_enough)
{
	struct message message;
	struct dns_query query;
	struct lb_args args;
	int verdict;

	ASSERT_EQ(0, ask(&query, &args, "name=www.x expect=192.0.2.2"));
	answer(&message, &query, 0x8180, 3);
	record(&message, 5, "\1a\300\20", 4);
	record(&message, 1, "\xc0\0\2\1", 4);
	record(&message, 1, "\xc0\0\2\2", 4);
	EXPECT_STREQ("A 192.0.2.2", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_GOOD, verdict);
}

TEST(errors)
{
	struct message message;
	struct dns_query query;
	struct lb_args args;
	int verdict;

	ASSERT_EQ(0, ask(&query, &args, "name=x"));
	answer(&message, &query, 0x8182, 0);
	EXPECT_STREQ("SERVFAIL", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_WRONG, verdict);
	answer(&message, &query, 0x8185, 0);
	EXPECT_STREQ("REFUSED", judge(&query, &message, &verdict));
	answer(&message, &query, 0x818f, 0);
	EXPECT_STREQ("error 15", judge(&query, &message, &verdict));
	answer(&message, &query, 0x8180, 0);
	EXPECT_STREQ("no A", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_WRONG, verdict);

	/* Without the question, as a server may that cannot read it. */
	answer(&message, &query, 0x8181, 0);
	message.bytes[5] = 0;
	message.len = 12;
	EXPECT_STREQ("FORMERR", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_WRONG, verdict);
	message.bytes[3] = 0;
	EXPECT_STREQ("the answer makes no sense",
		     judge(&query, &message, &verdict));

	ASSERT_EQ(0, ask(&query, &args, "name=x rcode=any"));
	answer(&message, &query, 0x8183, 0);
	EXPECT_STREQ("NXDOMAIN", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_GOOD, verdict);
	answer(&message, &query, 0x8180, 0);
	EXPECT_STREQ("NOERROR", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_GOOD, verdict);
	ASSERT_EQ(0, ask(&query, &args, "name=x rcode=any expect=192.0.2.1"));
	answer(&message, &query, 0x8183, 0);
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_WRONG, verdict);
}

TEST(an_answer_that_is_cut_off)
{
	struct message message;
	struct dns_query query;
	struct lb_args args;
	int verdict;

	ASSERT_EQ(0, ask(&query, &args, "name=x"));
	answer(&message, &query, 0x8380, 5);
	EXPECT_STREQ("A", judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_GOOD, verdict);

	ASSERT_EQ(0, ask(&query, &args, "name=x expect=192.0.2.1"));
	answer(&message, &query, 0x8380, 5);
	EXPECT_STREQ("the answer is cut off; it needs proto=tcp",
		     judge(&query, &message, &verdict));
	EXPECT_EQ(DNS_WRONG, verdict);
}

TEST(what_was_not_asked)
{
	struct message message;
	struct dns_query query;
	struct lb_args args;
	int verdict;

	ASSERT_EQ(0, ask(&query, &args, "name=aB"));
	answer(&message, &query, 0x8180, 0);
	message.bytes[13] ^= 0x20;
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_WRONG, verdict);
	message.bytes[13] = 'x';
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_OTHER, verdict);

	answer(&message, &query, 0x8180, 0);
	message.bytes[0]++;
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_OTHER, verdict);
	answer(&message, &query, 0x0180, 0);
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_OTHER, verdict);
	answer(&message, &query, 0x8180, 0);
	message.bytes[message.len - 3] = 2;
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_OTHER, verdict);
}

/* Names that lead in circles, out of the message or forward. */
TEST(names_that_do_not_end)
{
	static const char *const names[] = {
		"\300\37", "\300\40", "\377\377", "\300", "\77a", "\100a", "\200",
		"\1a\300\37", "\1a",
	};
	struct message message;
	struct dns_query query;
	struct lb_args args;
	int verdict;
	size_t i;

	/* Records begin at 19, what is in them at 31. */
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ASSERT_EQ(0, ask(&query, &args, "name=x type=NS"));
		answer(&message, &query, 0x8180, 1);
		record(&message, 2, names[i], strlen(names[i]));
		EXPECT_STREQ("the answer makes no sense",
			     judge(&query, &message, &verdict));
		EXPECT_EQ(DNS_WRONG, verdict);

		answer(&message, &query, 0x8180, 1);
		put(&message, names[i], strlen(names[i]));
		EXPECT_STREQ("the answer makes no sense",
			     judge(&query, &message, &verdict));
	}
}

/* A pointer may lead to a pointer, but no name needs many. */
TEST(pointers_in_a_row)
{
	struct message message;
	struct dns_query query;
	struct lb_args args;
	uint8_t chain[300];
	size_t jumps, i;
	int verdict;

	ASSERT_EQ(0, ask(&query, &args, "name=x type=TXT"));
	for (jumps = 126; jumps < 129; jumps++) {
		/* What is in the record begins at 31: a name, and the way to it. */
		memcpy(chain, "\1a", 3);
		for (i = 0; i < jumps - 1; i++) {
			size_t to = 31 + (i ? 1 + 2 * i : 0);

			chain[3 + 2 * i] = 0xc0 | to >> 8;
			chain[4 + 2 * i] = to & 0xff;
		}
		answer(&message, &query, 0x8180, 2);
		record(&message, 99, (const char *)chain, 3 + 2 * (jumps - 1));
		i = 31 + 1 + 2 * (jumps - 1);
		chain[0] = 0xc0 | i >> 8;
		chain[1] = i & 0xff;
		put(&message, (const char *)chain, 2);
		put(&message, "\0\020\0\1\0\0\0\0\0\1\0", 11);
		EXPECT_STREQ(jumps > 127 ? "the answer makes no sense" : "TXT",
			     judge(&query, &message, &verdict))
			TH_LOG("%zu pointers", jumps);
	}
}

/* Wherever it is cut off, and whatever byte is another one. */
TEST(whatever_comes)
{
	struct message message, other;
	struct dns_query query;
	struct lb_args args;
	unsigned int bit;
	int verdict;
	size_t i;

	ASSERT_EQ(0, ask(&query, &args, "name=mail.x type=SOA expect=7"));
	answer(&message, &query, 0x8180, 2);
	record(&message, 6, "\1a\300\14\1b\300\21\0\0\0\7", 12);
	record(&message, 6, "\1a\300\14\1b\300\21\0\0\0\7", 12);
	judge(&query, &message, &verdict);
	EXPECT_EQ(DNS_GOOD, verdict);

	for (i = 0; i < message.len; i++) {
		other = message;
		other.len = i;
		judge(&query, &other, &verdict);
		EXPECT_NE(DNS_GOOD, verdict);
		for (bit = 0; bit < 8; bit++) {
			other = message;
			other.bytes[i] ^= 1 << bit;
			judge(&query, &other, &verdict);
		}
	}
}

TEST_HARNESS_MAIN
