// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types of checks: what each takes, and what of a check makes no sense.
 */

#include "kselftest_harness.h"

#include "check_type.h"
#include "codes.h"
#include "err.h"
#include "exec.h"
#include "model.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A whole check with these arguments. */
static int refuse(const char *type, const char *args, struct lb_err *err)
{
	struct lb_check check = { .has = LB_BIT(L4LB_A_CHECK_TYPE) };
	char text[L4LB_CHECK_ARGS_MAX + 1];

	snprintf(check.type, sizeof(check.type), "%s", type);
	if (args) {
		snprintf(text, sizeof(text), "%s", args);
		check.args = text;
	}

	return lb_check_type_refuse(&check, 0, err);
}

TEST(every_type_is_found)
{
	static const char *const names[] = {
		"tcp", "icmp", "smtp", "imap", "imaps", "pop3", "pop3s",
		"http", "https", "tls", "ldap", "ldaps", "dns", "send-expect",
		"exec", "external", "off",
	};
	const struct lb_check_type *type;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		type = lb_check_type_find(names[i]);
		ASSERT_NE(NULL, type)
			TH_LOG("%s", names[i]);
		EXPECT_STREQ(names[i], type->name);
		EXPECT_EQ(i, lb_check_type_index(type));
		EXPECT_EQ(i > 14, type->passive);
	}
	EXPECT_STREQ("tcp", lb_check_type_find("connect")->name);
	EXPECT_EQ(NULL, lb_check_type_find("ping"));
	EXPECT_EQ(NULL, lb_check_type_find(""));
}

TEST(what_makes_sense)
{
	static const struct {
		const char *type;
		const char *args;
	} cases[] = {
		{ "tcp", NULL },
		{ "icmp", "" },
		{ "smtp", "ehlo=lb.example starttls=yes accept=220,421 verify=mail.x" },
		{ "imap", "starttls=no" },
		{ "imaps", "verify=mail.x" },
		{ "pop3s", NULL },
		{ "http", "method=HEAD path=/owa/?a=b host=mail.x" },
		{ "http", "status=200,301-303 body='all well' regex=^OK|UP$" },
		{ "http", "regex='^(ok|up){1,3} [[:alpha:]]+[]a]*(a+b+)+\\.$'" },
		{ "https", "verify=mail.x host=192.0.2.1" },
		{ "https", "host=2001:db8::1" },
		{ "tls", "sni=mail.x alpn=h2 days=0" },
		{ "tls", "days=3650" },
		{ "ldap", "base=dc=x filter=(objectClass=*) scope=sub expect=x" },
		{ "ldaps", "base='cn=a b,dc=x' filter='(cn=a b)'" },
		{ "ldap", "filter=cn=x" },
		{ "ldap", "filter=cn=*" },
		{ "dns", "name=mail.x. type=MX expect=mail.x proto=tcp rcode=any" },
		{ "dns", "name=." },
		{ "dns", "name=2001:db8::1 type=PTR" },
		{ "send-expect", "send=\"PING\\r\\n\" expect=PONG tls=yes verify=x" },
		{ "send-expect", "udp=yes send=x regex=.*" },
		{ "http", "regex=(a|b){100}" },
		{ "http", "regex='^ *[a-z]*[0-9]{1,3}(, ?(a|b|c)*)?$'" },
		{ "send-expect", "send=a expect=b send2=c regex2=d send4=x" },
		{ "exec", "run=check-it.sh" },
		{ "external", NULL },
		{ "off", NULL },
	};
	struct lb_err err = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_EQ(0, refuse(cases[i].type, cases[i].args, &err))
			TH_LOG("%s %s: %s", cases[i].type, cases[i].args,
			       err.text);
}

#define A64	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

TEST(what_makes_none)
{
	static const struct {
		const char *type;
		const char *args;
		const char *why;
	} cases[] = {
		{ "ping", NULL, "check \"ping\" is not tcp|icmp|smtp|" },
		{ "htpt", NULL, "unknown check \"htpt\"; is it \"http\"?" },
		{ "tcp", "x=1", "tcp takes none, so not \"x\" either" },
		{ "off", "x=1", "off takes none" },
		{ "imaps", "starttls=yes", "imaps does not take \"starttls\", but verify" },
		{ "smtp", "starttls=maybe", "starttls \"maybe\" is not yes|no" },
		{ "smtp", "starttls=y", "starttls \"y\" is not yes|no" },
		{ "smtp", "verify=mail.x", "verify needs starttls=yes" },
		{ "smtp", "starttls=no verify=mail.x", "verify needs starttls=yes" },
		{ "smtp", "ehlo=a..b", "ehlo \"a..b\" is not the name of a host" },
		{ "smtp", "ehlo=a/b", "is not the name of a host" },
		{ "smtp", "ehlo=", "ehlo is empty" },
		{ "smtp", "accept=421,", "accept \"421,\" is not a list of codes" },
		{ "smtp", "accept=42", "is not within 200-599" },
		{ "http", "status=200,600", "is not within 100-599" },
		{ "http", "status=300-200", "is not within 100-599" },
		{ "http", "status=2000", "is not a list of codes" },
		{ "http", "status=ok", "is not a list of codes" },
		{ "http", "path=owa", "path \"owa\" is not a path" },
		{ "http", "path='/a b'", "is not a path" },
		{ "http", "method='GET /'", "is not a single word" },
		{ "http", "regex=(", "args: regex \"(\":" },
		{ "tls", "alpn=" A64 A64 A64 A64, "alpn is longer than 255 bytes" },
		{ "http", "regex=a{1,2", "args: regex \"a{1,2\":" },
		{ "http", "regex=a{300}", "args: regex \"a{300}\":" },
		{ "http", "regex=(a)\\1", "back-references cannot be used" },
		{ "http", "regex=a++", "repeats too much" },
		{ "http", "regex=(a?){100}", "repeats too much" },
		{ "http", "regex=((a|b|c){100}){4}", "repeats too much" },
		{ "http", "regex=(a*|b){60}", "repeats too much" },
		{ "http", "regex=a{~1}", "not a POSIX extended expression" },
		{ "http", "regex='a)'", "not a POSIX extended expression" },
		{ "http", "regex='a|*b'", "not a POSIX extended expression" },
		{ "http", "regex='{999999999,}'", "not a POSIX extended expression" },
		{ "http", "regex=(?i)a", "not a POSIX extended expression" },
		{ "http", "regex=a\\Qb", "not a POSIX extended expression" },
		{ "http", "regex=(a|\\b)*", "repeats too much" },
		{ "http", "regex=(a|(^))*", "repeats too much" },
		{ "http", "regex=((((a{9}){9}){9}){9}){9}", "repeats too much" },
		{ "http", "regex=((((((((((a+)+)+)+)+)+)+)+)+)+)+",
		  "repeats too much" },
		{ "http", "verify=x", "http does not take \"verify\"" },
		{ "tls", "days=3651", "days 3651 is not within 0-3650" },
		{ "tls", "days=-1", "days -1 is not within 0-3650" },
		{ "ldap", "filter=cn=x)", "is not (attribute=value)" },
		{ "ldap", "filter=(cn=x", "is not (attribute=value)" },
		{ "ldap", "filter=(cn=a*)", "is not (attribute=value)" },
		{ "ldap", "filter=cn", "is not (attribute=value)" },
		{ "ldap", "filter=(", "is not (attribute=value)" },
		{ "ldap", "filter=(&(a=b)(c=d))", "is not (attribute=value)" },
		{ "ldap", "filter=(=x)", "is not (attribute=value)" },
		{ "ldap", "filter=(cn=)", "is not (attribute=value)" },
		{ "ldap", "filter=()", "is not (attribute=value)" },
		{ "ldap", "scope=all", "scope \"all\" is not base|one|sub" },
		{ "dns", NULL, "args: \"name\" is missing" },
		{ "dns", "name=x type=a", "type \"a\" is not A|AAAA|" },
		{ "dns", "name=x type=A|AAAA", "is not A|AAAA|" },
		{ "send-expect", "expect=a regex=b", "expect and regex exclude each other" },
		{ "send-expect", "expect3=a regex3=b", "expect3 and regex3 exclude" },
		{ "send-expect", "expect5=a", "does not take \"expect5\"" },
		{ "send-expect", "tls=yes udp=yes", "tls and udp exclude each other" },
		{ "exec", NULL, "args: \"run\" is missing" },
		{ "exec", "run=../x", "run \"../x\" is not the name of a file" },
		{ "exec", "run=.x", "is not the name of a file" },
		{ "http", "path", "args: \"path\" is not key=value" },
	};
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(-EINVAL, refuse(cases[i].type, cases[i].args, &err))
			TH_LOG("%s %s", cases[i].type, cases[i].args);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("%s %s: %s", cases[i].type, cases[i].args,
			       err.text);
	}
}

/* A long list of what is known must not be cut off within a word. */
TEST(all_types_are_listed)
{
	struct lb_err err;

	EXPECT_EQ(-EINVAL, lb_check_type_unknown("frobnicate", &err));
	EXPECT_NE(NULL, strstr(err.text, "|exec|external|off"));
}

TEST(times_ports_ways_and_secrets)
{
	struct lb_check check = {
		.has = LB_BIT(L4LB_A_CHECK_TYPE) |
		       LB_BIT(L4LB_A_CHECK_INTERVAL),
		.type = "smtp",
		.interval = 2000,
	};
	struct lb_err err;

	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, 0, &err));
	EXPECT_STREQ("timeout 3s is longer than interval 2s", err.text);
	check.interval = 3000;
	EXPECT_EQ(0, lb_check_type_refuse(&check, 0, &err));
	check.has |= LB_BIT(L4LB_A_CHECK_FAST);
	check.fast = 3001;
	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, 0, &err));
	EXPECT_STREQ("fast 3001ms is longer than interval 3s", err.text);
	check.fast = 0;

	EXPECT_EQ(0, lb_check_type_refuse(&check, L4LB_PROTO_ALL, &err));
	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, L4LB_PROTO_UDP, &err));
	EXPECT_NE(NULL, strstr(err.text, "not for a service of udp alone"));
	check.ports.count = 1;
	EXPECT_EQ(0, lb_check_type_refuse(&check, L4LB_PROTO_UDP, &err));
	check.via = L4LB_VIA_VIP;
	EXPECT_EQ(0, lb_check_type_refuse(&check, L4LB_PROTO_TCP, &err));

	strcpy(check.secret, "s");
	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, 0, &err));
	EXPECT_NE(NULL, strstr(err.text, "smtp does not log in"));
	strcpy(check.type, "imap");
	EXPECT_EQ(0, lb_check_type_refuse(&check, 0, &err));

	*check.secret = '\0';
	strcpy(check.type, "icmp");
	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, 0, &err));
	EXPECT_STREQ("icmp has nothing to do with ports", err.text);
	check.ports.count = 0;
	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, 0, &err));
	EXPECT_STREQ("icmp cannot go via vip", err.text);
}

/* Of a part of a check nothing is known that is not in it. */
TEST(a_part_of_a_check)
{
	struct lb_check check = {
		.has = LB_BIT(L4LB_A_CHECK_TIMEOUT),
		.timeout = 10000,
	};
	char args[] = "odd=1";

	EXPECT_EQ(0, lb_check_type_refuse(&check, L4LB_PROTO_UDP, NULL));
	check.args = args;
	EXPECT_EQ(0, lb_check_type_refuse(&check, L4LB_PROTO_UDP, NULL));
	check.has |= LB_BIT(L4LB_A_CHECK_INTERVAL);
	check.interval = 9999;
	EXPECT_EQ(-EINVAL, lb_check_type_refuse(&check, 0, NULL));
}

TEST(what_changes_has_to_fit_the_rest)
{
	struct lb_check now = {
		.has = LB_BIT(L4LB_A_CHECK_TYPE) |
		       LB_BIT(L4LB_A_CHECK_INTERVAL) |
		       LB_BIT(L4LB_A_CHECK_TIMEOUT),
		.type = "http",
		.interval = 5000,
		.timeout = 3000,
	};
	struct lb_check request = { .has = LB_BIT(L4LB_A_CHECK_ARGS) };
	char good[] = "status=200", bad[] = "name=x";
	struct lb_vip vip = { .protos = L4LB_PROTO_TCP };
	struct lb_err err;

	lb_ports_parse("80", &vip.ports, NULL);
	request.args = good;
	EXPECT_EQ(0, lb_check_settle(&request, &now, &vip, &err));
	request.args = bad;
	EXPECT_EQ(-EINVAL, lb_check_settle(&request, &now, &vip, &err));
	EXPECT_NE(NULL, strstr(err.text, "http does not take \"name\""));

	request.has = LB_BIT(L4LB_A_CHECK_TIMEOUT);
	request.timeout = 6000;
	EXPECT_EQ(-EINVAL, lb_check_settle(&request, &now, &vip, &err));
	EXPECT_STREQ("timeout 6s is longer than interval 5s", err.text);

	request.has = LB_BIT(L4LB_A_CHECK_TYPE);
	request.args = NULL;
	strcpy(request.type, "smtp");
	EXPECT_EQ(0, lb_check_settle(&request, &now, &vip, &err));
	lb_ports_parse("any", &vip.ports, NULL);
	EXPECT_EQ(-EINVAL, lb_check_settle(&request, &now, &vip, &err));
	EXPECT_NE(NULL, strstr(err.text, "the vip has any port"));
	request.has |= LB_BIT(L4LB_A_CHECK_PORTS);
	lb_ports_parse("25", &request.ports, NULL);
	EXPECT_EQ(0, lb_check_settle(&request, &now, &vip, &err));
}

/* Without the privilege the arguments there are cannot be seen. */
TEST(what_is_not_known_is_not_refused)
{
	struct lb_check now = {
		.has = LB_BIT(L4LB_A_CHECK_TYPE),
		.type = "dns",
	};
	struct lb_check request = { .has = LB_BIT(L4LB_A_CHECK_RISE) };
	struct lb_vip vip = { .protos = L4LB_PROTO_UDP };

	EXPECT_EQ(0, lb_check_settle(&request, &now, &vip, NULL));
	now.has |= LB_BIT(L4LB_A_CHECK_ARGS);
	EXPECT_EQ(-EINVAL, lb_check_settle(&request, &now, &vip, NULL));
}

TEST(the_check_of_a_vip)
{
	struct lb_vip request = {
		.has = LB_BIT(L4LB_A_VIP_CHECK),
		.protos = L4LB_PROTO_TCP,
	};

	lb_ports_parse("any", &request.ports, NULL);
	EXPECT_EQ(0, lb_vip_check_settle(&request, &request, NULL));
	request.check.has = LB_BIT(L4LB_A_CHECK_RISE);
	EXPECT_EQ(0, lb_vip_check_settle(&request, &request, NULL));
	request.check.has = LB_BIT(L4LB_A_CHECK_TYPE);
	strcpy(request.check.type, "smtp");
	EXPECT_EQ(-EINVAL, lb_vip_check_settle(&request, &request, NULL));
	lb_ports_parse("25", &request.ports, NULL);
	EXPECT_EQ(0, lb_vip_check_settle(&request, &request, NULL));
	request.protos = L4LB_PROTO_UDP;
	EXPECT_EQ(-EINVAL, lb_vip_check_settle(&request, &request, NULL));
}

TEST(codes)
{
	EXPECT_EQ(0, lb_codes_check("200", 100, 599, NULL));
	EXPECT_EQ(0, lb_codes_check("100-599,200", 100, 599, NULL));
	EXPECT_EQ(-EINVAL, lb_codes_check("", 100, 599, NULL));
	EXPECT_EQ(-EINVAL, lb_codes_check(",200", 100, 599, NULL));
	EXPECT_EQ(-EINVAL, lb_codes_check("200-", 100, 599, NULL));
	EXPECT_EQ(-EINVAL, lb_codes_check("99", 100, 599, NULL));
	EXPECT_EQ(-EINVAL, lb_codes_check("200 300", 100, 599, NULL));

	EXPECT_TRUE(lb_codes_has("200,301,400-403", 200));
	EXPECT_TRUE(lb_codes_has("200,301,400-403", 401));
	EXPECT_TRUE(lb_codes_has("200,301,400-403", 403));
	EXPECT_FALSE(lb_codes_has("200,301,400-403", 404));
	EXPECT_FALSE(lb_codes_has("200,301,400-403", 201));
	EXPECT_FALSE(lb_codes_has("", 0));
}

FIXTURE(files) {
	char dir[32];
};

FIXTURE_SETUP(files)
{
	if (geteuid())
		SKIP(return, "needs root");

	strcpy(self->dir, "/tmp/l4lb-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, setenv(LB_EXEC_ENV, self->dir, 1));
}

FIXTURE_TEARDOWN(files)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", self->dir);
	EXPECT_EQ(0, system(command));
}

static int make_file(const char *dir, const char *name, mode_t mode, uid_t uid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;

	return fchown(fd, uid, 0) || fchmod(fd, mode) || close(fd);
}

TEST_F(files, only_what_root_alone_can_change_is_run)
{
	static const struct {
		const char *name;
		mode_t mode;
		uid_t uid;
		const char *why;
	} cases[] = {
		{ "good", 0755, 0, NULL },
		{ "group", 0775, 0, "can be written to by others than root" },
		{ "other", 0757, 0, "can be written to by others than root" },
		{ "owner", 0755, 65534, "is not owned by root" },
		{ "plain", 0644, 0, "is not executable" },
	};
	char path[LB_EXEC_PATH], link[64];
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, make_file(self->dir, cases[i].name, cases[i].mode,
				       cases[i].uid));
		EXPECT_EQ(!cases[i].why,
			  !lb_exec_path(cases[i].name, path, sizeof(path),
					&err))
			TH_LOG("%s", cases[i].name);
		if (cases[i].why)
			EXPECT_NE(NULL, strstr(err.text, cases[i].why))
				TH_LOG("%s: %s", cases[i].name, err.text);
	}

	snprintf(link, sizeof(link), "%s/link", self->dir);
	ASSERT_EQ(0, symlink("good", link));
	EXPECT_EQ(-EINVAL, lb_exec_path("link", path, sizeof(path), &err));
	EXPECT_NE(NULL, strstr(err.text, "is not a regular file"));
	EXPECT_EQ(-EINVAL, lb_exec_path("none", path, sizeof(path), &err));
	EXPECT_NE(NULL, strstr(err.text, "No such file"));
	EXPECT_EQ(-EINVAL, lb_exec_path("../good", path, sizeof(path), &err));
	EXPECT_EQ(-EINVAL, lb_exec_path(".", path, sizeof(path), &err));

	ASSERT_EQ(0, chmod(self->dir, 0777));
	EXPECT_EQ(-EINVAL, lb_exec_path("good", path, sizeof(path), &err));
	EXPECT_NE(NULL, strstr(err.text, "can be written to"));
}

TEST_F(files, the_file_of_a_check)
{
	struct lb_check check = { .type = "exec" };
	char good[] = "run=good", none[] = "run=none";
	struct lb_err err;

	ASSERT_EQ(0, make_file(self->dir, "good", 0755, 0));
	check.args = good;
	EXPECT_EQ(0, lb_check_file_refuse(&check, &err));
	check.args = none;
	EXPECT_EQ(-EINVAL, lb_check_file_refuse(&check, &err));
	strcpy(check.type, "tcp");
	EXPECT_EQ(0, lb_check_file_refuse(&check, &err));
}

TEST_HARNESS_MAIN
