// SPDX-License-Identifier: GPL-2.0-only
/*
 * What would become of a client's packet, and why: the question in words, to the
 * module, and its answer.
 */

#include "explain.h"
#include "attr.h"
#include "err.h"
#include "names.h"
#include "nl.h"
#include "option.h"
#include "words.h"

#include <errno.h>
#include <string.h>

/* An address, or the name of a VIP, each with or without a port. */
static int target_parse(const char *text, struct lb_explain_query *query,
			struct lb_err *err)
{
	struct lb_err unused;
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	char name[L4LB_NAME_MAX + 2];
	unsigned int port = 0;

	if (!lb_addr_parse_port(text, &query->addr, &query->port, &unused))
		return 0;

	if (len >= sizeof(name))
		return lb_name_check(text, err);
	memcpy(name, text, len);
	name[len] = '\0';
	if (lb_name_check(name, &unused))
		return lb_err_set(err, -EINVAL,
				  "\"%s\" is no address and no name of a vip",
				  text);
	if (colon && lb_uint_parse(colon + 1, 1, UINT16_MAX, &port))
		return lb_err_set(err, -EINVAL, "\"%s\" is not a port",
				  colon + 1);

	memset(&query->addr, 0, sizeof(query->addr));
	lb_name_copy(query->vip, name);
	query->port = (uint16_t)port;

	return 0;
}

static int proto_parse(const char *word, uint8_t *proto, struct lb_err *err)
{
	*proto = (uint8_t)lb_names_value(&lb_protos_names, word);
	if (*proto == L4LB_PROTO_TCP || *proto == L4LB_PROTO_UDP)
		return 0;

	return lb_err_set(err, -EINVAL, "\"%s\" is not tcp or udp", word);
}

/**
 * lb_explain_parse() - parse which packet is meant
 * @words: ``SRC[:PORT] VIP[:PORT] [tcp|udp]``, a VIP by its name or address
 * @query: where to, for lb_explain_settle()
 * @err: why not
 *
 * Return: 0, or -errno as in parse.h.
 */
int lb_explain_parse(struct lb_words *words, struct lb_explain_query *query,
		     struct lb_err *err)
{
	const char *word = lb_words_take(words);
	int ret;

	memset(query, 0, sizeof(*query));
	if (!word)
		return lb_option_missing("SRC", err);
	ret = lb_addr_parse_port(word, &query->client, &query->client_port,
				 err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("VIP", err);
	ret = target_parse(word, query, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	ret = word ? proto_parse(word, &query->proto, err) : 0;

	return ret ? ret : lb_words_end(words, err);
}

static bool vip_has_port(const struct lb_vip *vip, uint16_t port)
{
	unsigned int i;

	for (i = 0; i < vip->ports.count; i++) {
		if (port >= vip->ports.range[i].first &&
		    port <= vip->ports.range[i].last)
			return true;
	}

	return !port;
}

/* Whether a VIP is what the words mean. */
static bool vip_fits(const struct lb_vip *vip,
		     const struct lb_explain_query *query)
{
	if (*query->vip)
		return !strcmp(vip->name, query->vip);

	return lb_addr_equal(&vip->addr, &query->addr) &&
	       (!query->proto || (vip->protos & query->proto)) &&
	       vip_has_port(vip, query->port);
}

/**
 * lb_explain_settle() - fill in what the VIPs say of a packet
 * @query: the packet
 * @vips: all VIPs
 * @count: how many
 * @err: why not
 *
 * A port that no VIP has is one that can be asked about.
 *
 * Return: 0; -ENOENT if there is no such VIP; -EINVAL if the port is needed, or
 * addresses differ in family.
 */
int lb_explain_settle(struct lb_explain_query *query, const struct lb_vip *vips,
		      size_t count, struct lb_err *err)
{
	const struct lb_vip *vip = NULL;
	size_t i;

	for (i = 0; i < count && !vip; i++) {
		if (vip_fits(&vips[i], query))
			vip = &vips[i];
	}
	if (!vip && *query->vip)
		return lb_err_set(err, -ENOENT, "no such vip");
	if (!vip && !query->port)
		return lb_err_set(err, -ENOENT,
				  "no vip has this address; a port is needed");

	if (vip) {
		query->addr = vip->addr;
		if (!query->port && vip->ports.count)
			query->port = vip->ports.range[0].first;
		if (!query->proto)
			query->proto = vip->protos & L4LB_PROTO_TCP ?
				       L4LB_PROTO_TCP : L4LB_PROTO_UDP;
	}
	if (!query->proto)
		query->proto = L4LB_PROTO_TCP;
	if (query->addr.family != query->client.family)
		return lb_err_set(err, -EINVAL,
				  "the addresses of vip and client differ in family");

	return 0;
}

static void put_query(struct nlmsghdr *nlh, const struct lb_explain_query *query)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_EXPLAIN);

	put_addr(nlh, L4LB_A_EXPLAIN_CLIENT4, L4LB_A_EXPLAIN_CLIENT6,
		 &query->client);
	if (query->client_port)
		mnl_attr_put_u16(nlh, L4LB_A_EXPLAIN_CLIENT_PORT,
				 htons(query->client_port));
	put_addr(nlh, L4LB_A_EXPLAIN_ADDR4, L4LB_A_EXPLAIN_ADDR6,
		 &query->addr);
	mnl_attr_put_u16(nlh, L4LB_A_EXPLAIN_PORT, htons(query->port));
	mnl_attr_put_u8(nlh, L4LB_A_EXPLAIN_PROTO, query->proto);
	mnl_attr_nest_end(nlh, nest);
}

static int get_standings(const struct nlattr *nest, struct lb_explain *explain)
{
	const struct nlattr *tb[LB_TB_MAX];
	struct lb_standing *standing;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != L4LB_A_EXPLAIN_REAL)
			continue;
		if (explain->standings == L4LB_EXPLAIN_REALS_MAX ||
		    parse_nest(&lb_standing_schema, attr, tb))
			return -EBADMSG;
		standing = &explain->standing[explain->standings++];
		get_text(standing->real, sizeof(standing->real),
			 tb[L4LB_A_STANDING_REAL]);
		standing->is = get_u8(tb[L4LB_A_STANDING_IS]);
		standing->conns = get_u32(tb[L4LB_A_STANDING_CONNS]);
		standing->weight = get_u32(tb[L4LB_A_STANDING_WEIGHT]);
	}

	return 0;
}

static int get_hop(const struct nlattr *nest, struct lb_hop *hop)
{
	const struct nlattr *tb[LB_TB_MAX], *mac;

	if (parse_nest(&lb_hop_schema, nest, tb))
		return -EBADMSG;

	get_text(hop->real, sizeof(hop->real), tb[L4LB_A_HOP_REAL]);
	hop->mode = get_u8(tb[L4LB_A_HOP_MODE]);
	get_either(tb[L4LB_A_HOP_ADDR4], tb[L4LB_A_HOP_ADDR6], &hop->addr);
	hop->port = get_be16(tb[L4LB_A_HOP_PORT]);
	get_either(tb[L4LB_A_HOP_SOURCE4], tb[L4LB_A_HOP_SOURCE6],
		   &hop->source);
	hop->reach = get_u8(tb[L4LB_A_HOP_REACH]);
	get_text(hop->dev, sizeof(hop->dev), tb[L4LB_A_HOP_DEV]);
	hop->mtu = get_u32(tb[L4LB_A_HOP_MTU]);

	mac = tb[L4LB_A_HOP_MAC];
	if (mac && mnl_attr_get_payload_len(mac) <= sizeof(hop->mac)) {
		hop->mac_len = mnl_attr_get_payload_len(mac);
		memcpy(hop->mac, mnl_attr_get_payload(mac), hop->mac_len);
	}

	return 0;
}

static void get_choice(const struct nlattr *const tb[LB_TB_MAX],
		       struct lb_explain *explain)
{
	explain->by = get_u8(tb[L4LB_A_EXPLAIN_BY]);
	explain->way = get_u8(tb[L4LB_A_EXPLAIN_PERSIST]);
	explain->sched = get_u8(tb[L4LB_A_EXPLAIN_SCHED]);
	explain->slot = get_u32(tb[L4LB_A_EXPLAIN_SLOT]);
	explain->slots = get_u32(tb[L4LB_A_EXPLAIN_SLOTS]);
	explain->cpu = get_u32(tb[L4LB_A_EXPLAIN_CPU]);
	explain->stateless = tb[L4LB_A_EXPLAIN_STATELESS];
}

static int get_explain(const struct nlmsghdr *nlh, struct lb_explain *explain)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];

	memset(explain, 0, sizeof(*explain));
	if (parse_message(nlh, top) || !top[L4LB_A_EXPLAIN] ||
	    parse_nest(&lb_explain_schema, top[L4LB_A_EXPLAIN], tb))
		return -EBADMSG;

	explain->has = get_bits(tb);
	explain->result = get_u8(tb[L4LB_A_EXPLAIN_RESULT]);
	explain->drop = get_u8(tb[L4LB_A_EXPLAIN_DROP]);
	get_text(explain->vip, sizeof(explain->vip), tb[L4LB_A_EXPLAIN_VIP]);
	explain->hook = get_u8(tb[L4LB_A_EXPLAIN_HOOK]);
	explain->allows = get_u32(tb[L4LB_A_EXPLAIN_ALLOWS]);
	explain->no_real = get_u8(tb[L4LB_A_EXPLAIN_NO_REAL]);
	explain->orphan = get_u8(tb[L4LB_A_EXPLAIN_ORPHAN]);
	explain->reals = get_u32(tb[L4LB_A_EXPLAIN_REALS]);
	get_choice(tb, explain);

	explain->has_conn = top[L4LB_A_CONN];
	explain->has_persist = top[L4LB_A_PERSIST];
	if (get_standings(top[L4LB_A_EXPLAIN], explain) ||
	    (tb[L4LB_A_EXPLAIN_HOP] &&
	     get_hop(tb[L4LB_A_EXPLAIN_HOP], &explain->hop)) ||
	    (explain->has_conn && lb_msg_get_conn(nlh, &explain->conn)) ||
	    (explain->has_persist &&
	     lb_msg_get_persist(nlh, &explain->persist)))
		return -EBADMSG;

	return 0;
}

static int explain_cb(const struct nlmsghdr *nlh, void *data)
{
	int ret = get_explain(nlh, data);

	if (!ret)
		return MNL_CB_OK;
	errno = -ret;

	return MNL_CB_ERROR;
}

/**
 * lb_explain_get() - ask what would become of a packet
 * @nl: socket
 * @query: the packet
 * @explain: where to put the answer
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_explain_get(struct lb_nl *nl, const struct lb_explain_query *query,
		   struct lb_explain *explain, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_EXPLAIN_GET, 0);

	put_query(nlh, query);

	return lb_nl_talk(nl, nlh, explain_cb, explain, err);
}
