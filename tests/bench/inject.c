// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet injector: what does a packet cost from netif_receive_skb() on?
 *
 * One line of key=value pairs written to /proc/l4lb_inject builds packets and
 * feeds them to a device of the writer's network namespace in batches, with
 * softirqs disabled; reading the file gives the result. In a machine whose TSC
 * counts instructions the result is exact. What building a packet costs is in
 * it: subtract the same line with drop=1, where a hook in front of everything
 * else drops the packets.
 *
 *	dev=NAME	device that receives the packets
 *	src=ADDRESS	first client, IPv4 or IPv6
 *	sport=PORT	first port of every client (1024)
 *	ports=N		ports of a client; more flows take more clients (60000)
 *	dst=ADDRESS	server
 *	dport=PORT	port of the server (80)
 *	proto=NAME	tcp or udp (tcp)
 *	flags=LIST	TCP flags of the packets of one step, letters of FSRPA,
 *			commas between packets: A one packet, S,A two (A)
 *	payload=BYTES	of every packet but those with SYN (64)
 *	first=N		number of the first flow (0)
 *	flows=N		number of flows, taken in turn, one a step (1)
 *	batch=N		steps of a batch (64)
 *	batches=N	batches that count (64)
 *	warm=N		batches before those, that do not count (8)
 *	pause=MS	idle time after every batch (0)
 *	reply=0|1	packets go from server to client (0)
 *	drop=0|1	drop them before anything sees them (0)
 *
 * The result is packets=, all of them with those of the warm-up, and min=,
 * median= and mean= of the batches, in TSC ticks per step.
 */

#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/nsproxy.h>
#include <linux/parser.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timex.h>
#include <linux/udp.h>

#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#define PROC_NAME	"l4lb_inject"

/* Longest command line, and most packets of one step. */
#define LINE_MAX	512
#define STEP_MAX	8

#define PAYLOAD_MAX	1400

/**
 * struct endpoint - one side of a flow
 * @addr: address
 * @port: port
 */
struct endpoint {
	union nf_inet_addr addr;
	__be16 port;
};

/**
 * struct job - one command line, parsed
 * @dev: device that receives the packets, held
 * @client: first client
 * @server: server
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @flags: TCP flags of each packet of a step, byte 13 of the header
 * @step: number of packets of a step
 * @ports: ports of one client
 * @payload: bytes behind the headers
 * @first: number of the first flow
 * @flows: number of flows
 * @batch: steps of a batch
 * @batches: batches that count
 * @warm: batches that do not
 * @pause: milliseconds after a batch
 * @reply: whether the server sends
 * @drop: whether our own hook drops the packets
 * @next: flow of the next step, from @first
 * @packets: packets so far
 */
struct job {
	struct net_device *dev;
	struct endpoint client;
	struct endpoint server;
	u8 family;
	u8 proto;
	u8 flags[STEP_MAX];
	unsigned int step;
	unsigned int ports;
	unsigned int payload;
	unsigned int first;
	unsigned int flows;
	unsigned int batch;
	unsigned int batches;
	unsigned int warm;
	unsigned int pause;
	unsigned int reply;
	unsigned int drop;
	unsigned int next;
	u64 packets;
};

/**
 * struct result - what the last job found, in TSC ticks per step
 * @packets: packets sent, 0 before the first job
 * @min: the cheapest batch
 * @median: the batch in the middle
 * @mean: all that count
 */
struct result {
	u64 packets;
	u32 min;
	u32 median;
	u32 mean;
};

/* Guards last_result, and lets one job run at a time. */
static DEFINE_MUTEX(inject_lock);
static struct result last_result;

enum {
	OPT_DEV, OPT_SRC, OPT_DST, OPT_PROTO, OPT_FLAGS, OPT_SPORT, OPT_DPORT,
	OPT_PORTS, OPT_PAYLOAD, OPT_FIRST, OPT_FLOWS, OPT_BATCH, OPT_BATCHES,
	OPT_WARM, OPT_PAUSE, OPT_REPLY, OPT_DROP, OPT_ERR
};

static const match_table_t options = {
	{ OPT_DEV,	"dev=%s" },
	{ OPT_SRC,	"src=%s" },
	{ OPT_DST,	"dst=%s" },
	{ OPT_PROTO,	"proto=%s" },
	{ OPT_FLAGS,	"flags=%s" },
	{ OPT_SPORT,	"sport=%u" },
	{ OPT_DPORT,	"dport=%u" },
	{ OPT_PORTS,	"ports=%u" },
	{ OPT_PAYLOAD,	"payload=%u" },
	{ OPT_FIRST,	"first=%u" },
	{ OPT_FLOWS,	"flows=%u" },
	{ OPT_BATCH,	"batch=%u" },
	{ OPT_BATCHES,	"batches=%u" },
	{ OPT_WARM,	"warm=%u" },
	{ OPT_PAUSE,	"pause=%u" },
	{ OPT_REPLY,	"reply=%u" },
	{ OPT_DROP,	"drop=%u" },
	{ OPT_ERR,	NULL }
};

static unsigned int hook_drop(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return NF_DROP;
}

static const struct nf_hook_ops drop_ops[] = {
	{
		.hook		= hook_drop,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= INT_MIN,
	},
	{
		.hook		= hook_drop,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= INT_MIN,
	},
};

static struct endpoint job_client(const struct job *job, unsigned int flow)
{
	struct endpoint client = job->client;
	__be32 *low;

	low = job->family == NFPROTO_IPV4 ? &client.addr.ip :
					    &client.addr.ip6[3];
	*low = htonl(ntohl(*low) + flow / job->ports);
	client.port = htons(ntohs(client.port) + flow % job->ports);

	return client;
}

static void put_ipv4(struct sk_buff *skb, const struct endpoint *from,
		     const struct endpoint *to, u8 proto, unsigned int len)
{
	struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(sizeof(*iph) + len);
	iph->frag_off = htons(IP_DF);
	iph->ttl = 64;
	iph->protocol = proto;
	iph->saddr = from->addr.ip;
	iph->daddr = to->addr.ip;
	ip_send_check(iph);
}

static void put_ipv6(struct sk_buff *skb, const struct endpoint *from,
		     const struct endpoint *to, u8 proto, unsigned int len)
{
	struct ipv6hdr *ip6h = skb_put_zero(skb, sizeof(*ip6h));

	ip6h->version = 6;
	ip6h->payload_len = htons(len);
	ip6h->nexthdr = proto;
	ip6h->hop_limit = 64;
	ip6h->saddr = from->addr.in6;
	ip6h->daddr = to->addr.in6;
}

/* The payload is zero, so the header alone makes the checksum. */
static __sum16 l4_check(const struct job *job, const struct endpoint *from,
			const struct endpoint *to, const void *header,
			unsigned int header_len, unsigned int len)
{
	__wsum sum = csum_partial(header, header_len, 0);

	if (job->family == NFPROTO_IPV4)
		return csum_tcpudp_magic(from->addr.ip, to->addr.ip, len,
					 job->proto, sum);

	return csum_ipv6_magic(&from->addr.in6, &to->addr.in6, len, job->proto,
			       sum);
}

static struct sk_buff *job_packet(const struct job *job, unsigned int flow,
				  u8 flags)
{
	unsigned int payload = flags & TCPHDR_SYN ? 0 : job->payload;
	struct endpoint client = job_client(job, flow);
	const struct endpoint *from = &client, *to = &job->server;
	unsigned int header, len;
	struct sk_buff *skb;
	struct ethhdr *eth;
	struct tcphdr *th;
	struct udphdr *uh;

	header = job->proto == IPPROTO_TCP ? sizeof(*th) : sizeof(*uh);
	len = header + payload;
	skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + ETH_HLEN +
			sizeof(struct ipv6hdr) + len, GFP_ATOMIC);
	if (!skb)
		return NULL;

	if (job->reply)
		swap(from, to);

	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, job->dev->dev_addr);
	eth_zero_addr(eth->h_source);
	eth->h_source[0] = 0x02;

	if (job->family == NFPROTO_IPV4) {
		eth->h_proto = htons(ETH_P_IP);
		put_ipv4(skb, from, to, job->proto, len);
	} else {
		eth->h_proto = htons(ETH_P_IPV6);
		put_ipv6(skb, from, to, job->proto, len);
	}

	if (job->proto == IPPROTO_TCP) {
		th = skb_put_zero(skb, len);
		th->source = from->port;
		th->dest = to->port;
		th->seq = htonl(flags & TCPHDR_SYN ? 1 : 2);
		th->ack_seq = htonl(flags & TCPHDR_ACK ? 1 : 0);
		th->doff = sizeof(*th) / 4;
		tcp_flag_byte(th) = flags;
		th->window = htons(U16_MAX);
		th->check = l4_check(job, from, to, th, header, len);
	} else {
		uh = skb_put_zero(skb, len);
		uh->source = from->port;
		uh->dest = to->port;
		uh->len = htons(len);
		uh->check = l4_check(job, from, to, uh, header, len) ? :
			    CSUM_MANGLED_0;
	}

	skb->protocol = eth_type_trans(skb, job->dev);
	skb->ip_summed = CHECKSUM_UNNECESSARY;

	return skb;
}

/* Returns the TSC ticks of one batch, or a negative errno. */
static s64 job_batch(struct job *job)
{
	cycles_t start, ticks;
	struct sk_buff *skb;
	unsigned int i, j;
	s64 err = 0;

	local_bh_disable();
	start = get_cycles();
	for (i = 0; i < job->batch && !err; i++) {
		for (j = 0; j < job->step; j++) {
			skb = job_packet(job, job->first + job->next,
					 job->flags[j]);
			if (!skb) {
				err = -ENOMEM;
				break;
			}
			netif_receive_skb(skb);
		}
		if (++job->next == job->flows)
			job->next = 0;
	}
	ticks = get_cycles() - start;
	local_bh_enable();

	job->packets += (u64)job->batch * job->step;
	if (job->pause)
		msleep(job->pause);
	else
		cond_resched();
	if (fatal_signal_pending(current))
		err = -EINTR;

	return err ? err : (s64)ticks;
}

static int compare_u32(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static int job_run(struct job *job, struct result *result)
{
	u64 total = 0;
	u32 *costs;
	s64 ticks;
	u32 i;

	costs = kvmalloc_array(job->batches, sizeof(*costs), GFP_KERNEL);
	if (!costs)
		return -ENOMEM;

	for (i = 0; i < job->warm + job->batches; i++) {
		ticks = job_batch(job);
		if (ticks < 0) {
			kvfree(costs);
			return ticks;
		}
		if (i < job->warm)
			continue;
		total += ticks;
		costs[i - job->warm] = DIV_ROUND_CLOSEST_ULL(ticks, job->batch);
	}

	sort(costs, job->batches, sizeof(*costs), compare_u32, NULL);
	result->packets = job->packets;
	result->min = costs[0];
	result->median = costs[job->batches / 2];
	result->mean = DIV_ROUND_CLOSEST_ULL(total,
					     job->batches * job->batch);
	kvfree(costs);

	return 0;
}

static int parse_address(const char *text, struct endpoint *to, u8 *family)
{
	struct sockaddr_storage ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)&ss;

	if (inet_pton_with_scope(&init_net, AF_UNSPEC, text, NULL, &ss))
		return -EINVAL;

	if (ss.ss_family == AF_INET) {
		*family = NFPROTO_IPV4;
		to->addr.ip = sin->sin_addr.s_addr;
	} else {
		*family = NFPROTO_IPV6;
		to->addr.in6 = sin6->sin6_addr;
	}

	return 0;
}

static int parse_flags(const char *text, struct job *job)
{
	static const char letters[] = "FSRPA";
	const char *letter;

	memset(job->flags, 0, sizeof(job->flags));
	job->step = 1;
	for (; *text; text++) {
		if (*text == ',') {
			if (++job->step > STEP_MAX)
				return -EINVAL;
			continue;
		}
		letter = strchr(letters, *text);
		if (!letter)
			return -EINVAL;
		job->flags[job->step - 1] |= 1 << (letter - letters);
	}

	return 0;
}

static int parse_number(substring_t *arg, unsigned int min, unsigned int max,
			unsigned int *value)
{
	if (match_uint(arg, value) || *value < min || *value > max)
		return -EINVAL;

	return 0;
}

static int parse_port(substring_t *arg, __be16 *port)
{
	unsigned int value;

	if (parse_number(arg, 1, U16_MAX, &value))
		return -EINVAL;
	*port = htons(value);

	return 0;
}

static int parse_word(int option, const char *text, struct job *job,
		      u8 *families)
{
	switch (option) {
	case OPT_DEV:
		dev_put(job->dev);
		job->dev = dev_get_by_name(current->nsproxy->net_ns, text);
		return job->dev ? 0 : -ENODEV;
	case OPT_SRC:
		return parse_address(text, &job->client, &families[0]);
	case OPT_DST:
		return parse_address(text, &job->server, &families[1]);
	case OPT_FLAGS:
		return parse_flags(text, job);
	case OPT_PROTO:
		if (!strcmp(text, "tcp"))
			job->proto = IPPROTO_TCP;
		else if (!strcmp(text, "udp"))
			job->proto = IPPROTO_UDP;
		else
			return -EINVAL;
		return 0;
	}

	return -EINVAL;
}

static int parse_option(char *word, struct job *job, u8 *families)
{
	substring_t args[MAX_OPT_ARGS];
	int option;

	option = match_token(word, options, args);
	switch (option) {
	case OPT_SPORT:
		return parse_port(&args[0], &job->client.port);
	case OPT_DPORT:
		return parse_port(&args[0], &job->server.port);
	case OPT_PORTS:
		return parse_number(&args[0], 1, U16_MAX, &job->ports);
	case OPT_PAYLOAD:
		return parse_number(&args[0], 0, PAYLOAD_MAX, &job->payload);
	case OPT_FIRST:
		return parse_number(&args[0], 0, INT_MAX, &job->first);
	case OPT_FLOWS:
		return parse_number(&args[0], 1, INT_MAX, &job->flows);
	case OPT_BATCH:
		return parse_number(&args[0], 1, 1 << 14, &job->batch);
	case OPT_BATCHES:
		return parse_number(&args[0], 1, 1 << 14, &job->batches);
	case OPT_WARM:
		return parse_number(&args[0], 0, 1 << 14, &job->warm);
	case OPT_PAUSE:
		return parse_number(&args[0], 0, 10000, &job->pause);
	case OPT_REPLY:
		return parse_number(&args[0], 0, 1, &job->reply);
	case OPT_DROP:
		return parse_number(&args[0], 0, 1, &job->drop);
	case OPT_ERR:
		return -EINVAL;
	}

	/* The words are the last thing in their string. */
	return parse_word(option, args[0].from, job, families);
}

static int parse_line(char *line, struct job *job)
{
	u8 families[2] = { NFPROTO_UNSPEC, NFPROTO_UNSPEC };
	char *word;
	int err;

	while ((word = strsep(&line, " \t\n"))) {
		if (!*word)
			continue;
		err = parse_option(word, job, families);
		if (err) {
			pr_err("%s: refused: %s\n", PROC_NAME, word);
			return err;
		}
	}

	if (!job->dev || families[0] == NFPROTO_UNSPEC ||
	    families[0] != families[1])
		return -EINVAL;
	if (!(job->dev->flags & IFF_UP))
		return -ENETDOWN;
	if (ntohs(job->client.port) + job->ports > U16_MAX + 1)
		return -ERANGE;
	job->family = families[0];

	return 0;
}

static ssize_t inject_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	struct job job = {
		.client.port	= htons(1024),
		.server.port	= htons(80),
		.proto		= IPPROTO_TCP,
		.flags		= { TCPHDR_ACK },
		.step		= 1,
		.ports		= 60000,
		.payload	= 64,
		.flows		= 1,
		.batch		= 64,
		.batches	= 64,
		.warm		= 8,
	};
	struct result result;
	char *line;
	int err;

	if (len > LINE_MAX)
		return -E2BIG;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);

	mutex_lock(&inject_lock);
	err = parse_line(line, &job);
	if (err)
		goto out;

	if (job.drop) {
		err = nf_register_net_hooks(dev_net(job.dev), drop_ops,
					    ARRAY_SIZE(drop_ops));
		if (err)
			goto out;
	}
	err = job_run(&job, &result);
	if (job.drop)
		nf_unregister_net_hooks(dev_net(job.dev), drop_ops,
					ARRAY_SIZE(drop_ops));
	if (!err)
		last_result = result;
out:
	dev_put(job.dev);
	mutex_unlock(&inject_lock);
	kfree(line);

	return err ? err : len;
}

static int inject_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&inject_lock);
	seq_printf(seq, "packets=%llu min=%u median=%u mean=%u\n",
		   last_result.packets, last_result.min, last_result.median,
		   last_result.mean);
	mutex_unlock(&inject_lock);

	return 0;
}

static int inject_open(struct inode *inode, struct file *file)
{
	return single_open(file, inject_show, NULL);
}

static const struct proc_ops inject_ops = {
	.proc_open	= inject_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_write	= inject_write,
	.proc_release	= single_release,
};

static int __init inject_init(void)
{
	if (!proc_create(PROC_NAME, 0600, NULL, &inject_ops))
		return -ENOMEM;

	return 0;
}

static void __exit inject_exit(void)
{
	remove_proc_entry(PROC_NAME, NULL);
}

module_init(inject_init);
module_exit(inject_exit);

MODULE_DESCRIPTION("Packet injector that counts instructions");
MODULE_LICENSE("GPL");
