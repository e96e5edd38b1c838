// SPDX-License-Identifier: GPL-2.0-only
/*
 * What commands have in common: what they say they are about, and the exit
 * status where the module speaks another version of its interface. There is no
 * such module, so that the kernel's answer is made up here.
 */

#include "kselftest_harness.h"

#include "cmd.h"

#include <linux/genetlink.h>
#include <libmnl/libmnl.h>
#include <linux/l4lb.h>
#include <sys/socket.h>

static size_t answer_make(char *buf)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;
	struct nlmsgerr *ack;
	size_t len;

	nlh->nlmsg_type = GENL_ID_CTRL;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = CTRL_CMD_NEWFAMILY;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, 99);
	mnl_attr_put_u32(nlh, CTRL_ATTR_VERSION, L4LB_GENL_VERSION + 1);
	len = nlh->nlmsg_len;

	nlh = mnl_nlmsg_put_header(buf + len);
	nlh->nlmsg_type = NLMSG_ERROR;
	ack = mnl_nlmsg_put_extra_header(nlh, sizeof(*ack));
	ack->error = 0;

	return len + nlh->nlmsg_len;
}

/* In place of the system's. */
ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl *from = msg->msg_name;

	(void)fd;
	(void)flags;
	memset(from, 0, sizeof(*from));
	from->nl_family = AF_NETLINK;
	msg->msg_namelen = sizeof(*from);
	msg->msg_flags = 0;

	return (ssize_t)answer_make(msg->msg_iov->iov_base);
}

TEST(another_version)
{
	struct cmd cmd = { .what = "show" };
	char said[256] = "";
	FILE *file = tmpfile();
	int status, err = dup(STDERR_FILENO);

	ASSERT_NE(NULL, file);
	dup2(fileno(file), STDERR_FILENO);
	status = cmd_open(&cmd);
	dup2(err, STDERR_FILENO);
	EXPECT_EQ(EXIT_VERSION, status);
	EXPECT_EQ(8, status);
	EXPECT_EQ(NULL, cmd.nl);

	rewind(file);
	ASSERT_NE(NULL, fgets(said, sizeof(said), file));
	EXPECT_NE(NULL, strstr(said, "lbctl: show: the module speaks version "));
	EXPECT_EQ('\n', said[strlen(said) - 1]);
	fclose(file);
	close(err);
}

TEST(what_it_is_about_is_safe_to_print)
{
	struct cmd cmd = { .what = "vip add" };
	char name[400];

	cmd_object(&cmd, "");
	EXPECT_STREQ("vip add", cmd.what);
	cmd_object(&cmd, "a\x1b[31m\n");
	EXPECT_STREQ("vip add a?[31m?", cmd.what);

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	cmd_object(&cmd, name);
	cmd_object(&cmd, name);
	EXPECT_EQ(sizeof(cmd.what) - 1, strlen(cmd.what));
}

TEST_HARNESS_MAIN
