// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracing: what becomes of packets.
 *
 * What a packet is has to be known before it is looked at, since it may be gone
 * afterwards. What becomes of it is known afterwards: by the verdict, by the
 * connection that it then has, and by what was said meanwhile.
 */

#include "trace.h"
#include "addr.h"
#include "hook.h"
#include "netns.h"
#include "packet.h"
#include "real.h"
#include "vip.h"

#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/slab.h>

DEFINE_STATIC_KEY_FALSE(l4lb_trace_key);

/* The packet that this CPU looks at. */
static DEFINE_PER_CPU(struct l4lb_trace *, current_trace);

/**
 * l4lb_trace_note_drop() - note why a packet is dropped
 * @vip: its VIP, or NULL
 * @reason: why
 *
 * Context: Any, under rcu_read_lock().
 */
void l4lb_trace_note_drop(const struct l4lb_vip *vip, enum l4lb_drop reason)
{
	struct l4lb_trace *trace = this_cpu_read(current_trace);

	if (!trace)
		return;

	trace->drop = reason;
	if (vip)
		trace->vip = vip;
}

/**
 * l4lb_trace_note_real() - note which real was chosen for a packet
 * @real: real
 *
 * Context: Any, under rcu_read_lock().
 */
void l4lb_trace_note_real(const struct l4lb_real *real)
{
	struct l4lb_trace *trace = this_cpu_read(current_trace);

	if (!trace)
		return;

	trace->real = real;
	trace->chosen = true;
}

/**
 * l4lb_trace_note_here() - note that a packet has reached this host itself
 *
 * Context: Any, under rcu_read_lock().
 */
void l4lb_trace_note_here(void)
{
	struct l4lb_trace *trace = this_cpu_read(current_trace);

	if (trace)
		trace->here = true;
}

static void read_ports(const struct sk_buff *skb, unsigned int at,
		       struct l4lb_trace *trace)
{
	struct tcphdr buf;
	const struct tcphdr *th;
	unsigned int len = trace->proto == IPPROTO_TCP ? sizeof(struct tcphdr) :
							 sizeof(struct udphdr);

	if (trace->proto != IPPROTO_TCP && trace->proto != IPPROTO_UDP)
		return;

	th = skb_header_pointer(skb, at, len, &buf);
	if (!th)
		return;

	trace->has_ports = true;
	trace->sport = th->source;
	trace->dport = th->dest;
	if (trace->proto == IPPROTO_TCP)
		trace->flags = ((const u8 *)th)[13];
}

static void read_packet4(const struct sk_buff *skb, struct l4lb_trace *trace)
{
	const struct iphdr *iph = ip_hdr(skb);

	trace->family = AF_INET;
	trace->proto = iph->protocol;
	trace->src.ip = iph->saddr;
	trace->dst.ip = iph->daddr;
	if (!(iph->frag_off & htons(IP_OFFSET)))
		read_ports(skb, skb_network_offset(skb) + iph->ihl * 4, trace);
}

static void read_packet6(const struct sk_buff *skb, struct l4lb_trace *trace)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	trace->family = AF_INET6;
	trace->proto = ip6h->nexthdr;
	trace->src.in6 = ip6h->saddr;
	trace->dst.in6 = ip6h->daddr;
	read_ports(skb, skb_network_offset(skb) + sizeof(*ip6h), trace);
}

static void find_owner(const struct l4lb_net *ln, struct l4lb_trace *trace)
{
	const struct l4lb_addr *addr;
	bool udp = trace->proto == IPPROTO_UDP;

	addr = l4lb_addr_find(ln->vip_addrs, trace->family, &trace->dst);
	if (addr && trace->has_ports)
		trace->vip = l4lb_portmap_find(rcu_dereference(addr->ports[udp]),
					       ntohs(trace->dport));
	if (!addr) {
		addr = l4lb_addr_find(ln->real_addrs, trace->family,
				      &trace->src);
		trace->reply = true;
	}
	if (!addr)
		return;

	trace->ours = true;
	trace->id = addr->id;
}

/**
 * l4lb_trace_begin() - note what a packet is
 * @ln: namespace
 * @skb: packet
 * @trace: to be filled, for l4lb_trace_end()
 *
 * Context: Bottom halves off, under rcu_read_lock().
 */
void l4lb_trace_begin(struct l4lb_net *ln, const struct sk_buff *skb,
		      struct l4lb_trace *trace)
{
	memset(trace, 0, sizeof(*trace));
	trace->outer = this_cpu_read(current_trace);
	this_cpu_write(current_trace, trace);
	if (!rcu_access_pointer(ln->tracer))
		return;

	trace->len = skb->len;
	if (skb->protocol == htons(ETH_P_IPV6))
		read_packet6(skb, trace);
	else
		read_packet4(skb, trace);
	find_owner(ln, trace);
}

/* The connection that the packet has now. */
static struct l4lb_conn *find_conn(struct l4lb_net *ln,
				   const struct l4lb_trace *trace)
{
	struct l4lb_conn_key key = {};
	struct l4lb_conn_node *node;

	if (!trace->has_ports)
		return NULL;

	l4lb_conn_key_set_addr(&key, trace->family,
			       trace->reply ? &trace->dst : &trace->src);
	key.cport = trace->reply ? trace->dport : trace->sport;
	key.port = trace->reply ? trace->sport : trace->dport;
	key.tag = trace->id << L4LB_KEY_ID_SHIFT |
		  (trace->reply ? L4LB_KEY_REPLY : 0) |
		  (trace->proto == IPPROTO_UDP ? L4LB_KEY_UDP : 0);

	node = l4lb_conn_find(&ln->conns, &key,
			      l4lb_conn_hash(&ln->conns, &key));
	if (!node)
		return NULL;

	return trace->reply ? &l4lb_conn_of_reply(node)->conn :
			      container_of(node, struct l4lb_conn, node);
}

static bool filter_has(const struct l4lb_conn_filter *filter,
		       const struct l4lb_trace *trace,
		       const union nf_inet_addr *client)
{
	if (filter->vip && (!trace->vip || trace->vip->id != filter->vip))
		return false;
	if (filter->real[0] &&
	    (!trace->real || strcmp(trace->real->config.name, filter->real)))
		return false;
	if (!filter->family)
		return true;

	return filter->family == trace->family &&
	       ipv6_prefix_equal(&client->in6, &filter->client, filter->len);
}

/* Who wants more than a reader can read is told how much that was. */
static bool tracer_admits(struct l4lb_tracer *tracer)
{
	unsigned long now = jiffies / HZ;

	if (READ_ONCE(tracer->second) != now) {
		WRITE_ONCE(tracer->second, now);
		atomic_set(&tracer->sent, 0);
	}
	if ((u32)atomic_inc_return(&tracer->sent) <= tracer->filter.limit)
		return true;
	atomic_inc(&tracer->missed);

	return false;
}

static u8 trace_verdict(const struct l4lb_trace *trace, unsigned int verdict)
{
	if (verdict == NF_DROP)
		return L4LB_TRACE_DROPPED;

	return verdict == NF_STOLEN || trace->here ? L4LB_TRACE_SENT :
						     L4LB_TRACE_LEFT;
}

static void trace_tell(struct l4lb_net *ln, struct l4lb_tracer *tracer,
		       struct l4lb_trace *trace, unsigned int verdict)
{
	const struct l4lb_conn *conn = find_conn(ln, trace);
	union nf_inet_addr client = trace->src;

	/* What a real sends to others is no reply. */
	if (!conn && trace->reply && !trace->drop)
		return;

	if (conn) {
		trace->vip = conn->real->vip;
		trace->real = conn->real;
		trace->state = READ_ONCE(conn->state);
		l4lb_conn_client(conn, &client);
	}
	trace->verdict = trace_verdict(trace, verdict);
	if (!filter_has(&tracer->filter, trace, &client) ||
	    !tracer_admits(tracer))
		return;

	trace->missed = atomic_xchg(&tracer->missed, 0);
	if (!l4lb_trace_send(ln, tracer->portid, trace))
		atomic_add(trace->missed + 1, &tracer->missed);
}

/**
 * l4lb_trace_end() - tell what became of a packet
 * @ln: namespace
 * @trace: what it was
 * @verdict: the verdict of the hook
 *
 * Context: Bottom halves off, under rcu_read_lock().
 */
void l4lb_trace_end(struct l4lb_net *ln, struct l4lb_trace *trace,
		    unsigned int verdict)
{
	struct l4lb_tracer *tracer = rcu_dereference(ln->tracer);

	this_cpu_write(current_trace, trace->outer);
	if (tracer && trace->ours)
		trace_tell(ln, tracer, trace, verdict & NF_VERDICT_MASK);
}

static struct l4lb_tracer *tracer_of(struct l4lb_net *ln)
{
	return rcu_dereference_protected(ln->tracer,
					 lockdep_is_held(&ln->lock));
}

/**
 * l4lb_trace_start() - begin to tell a socket of packets
 * @ln: namespace
 * @portid: address of the socket
 * @filter: whose packets, with a limit
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period.
 * Return: 0; -EBUSY if another is told; or another negative errno.
 */
int l4lb_trace_start(struct l4lb_net *ln, u32 portid,
		     const struct l4lb_conn_filter *filter)
{
	struct l4lb_tracer *tracer;
	int err;

	if (tracer_of(ln))
		return -EBUSY;

	tracer = kzalloc(sizeof(*tracer), GFP_KERNEL_ACCOUNT);
	if (!tracer)
		return -ENOMEM;

	tracer->portid = portid;
	tracer->filter = *filter;
	err = l4lb_hook_trace(ln, true);
	if (err) {
		kfree(tracer);
		return err;
	}
	rcu_assign_pointer(ln->tracer, tracer);
	static_branch_inc(&l4lb_trace_key);

	return 0;
}

/**
 * l4lb_trace_stop() - tell a socket of no more packets
 * @ln: namespace
 * @portid: address of the socket, which need not be one that is told
 *
 * If the other hooks cannot be had back those that trace stay, to no avail.
 *
 * Context: Process context, under &l4lb_net.lock; may wait for a grace period.
 */
void l4lb_trace_stop(struct l4lb_net *ln, u32 portid)
{
	struct l4lb_tracer *tracer = tracer_of(ln);

	if (!tracer || tracer->portid != portid)
		return;

	RCU_INIT_POINTER(ln->tracer, NULL);
	kfree_rcu(tracer, rcu);
	static_branch_dec(&l4lb_trace_key);
	l4lb_hook_trace(ln, false);
}

/**
 * l4lb_trace_exit() - end with a namespace
 * @ln: namespace without packets
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_trace_exit(struct l4lb_net *ln)
{
	struct l4lb_tracer *tracer = tracer_of(ln);

	if (tracer)
		l4lb_trace_stop(ln, tracer->portid);
}
