// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of the configuration, of one object or of many at once.
 *
 * Steps change what only the control plane sees, under its lock, and leave
 * behind how they are undone. Then everything is checked and built that the
 * data path is going to see; then it is swapped in, which cannot fail.
 */

#include "change.h"
#include "addr.h"
#include "allow.h"
#include "base.h"
#include "conn.h"
#include "fallback.h"
#include "netns.h"
#include "notify.h"
#include "partner.h"
#include "persist.h"
#include "real.h"

#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

/**
 * enum step_kind - what a step did
 * @STEP_VIP_ADD: created a VIP
 * @STEP_VIP_SET: changed a VIP
 * @STEP_VIP_DEL: removed a VIP
 * @STEP_REAL_ADD: created a real
 * @STEP_REAL_SET: changed a real where it is
 * @STEP_REAL_MOVE: put a real in the place of one that was elsewhere
 * @STEP_REAL_DEL: removed a real
 * @STEP_PIN: bound a client to a real
 * @STEP_UNPIN: removed persistence entries
 */
enum step_kind {
	STEP_VIP_ADD,
	STEP_VIP_SET,
	STEP_VIP_DEL,
	STEP_REAL_ADD,
	STEP_REAL_SET,
	STEP_REAL_MOVE,
	STEP_REAL_DEL,
	STEP_PIN,
	STEP_UNPIN,
};

/**
 * struct step - one step of a change
 * @list: entry in &l4lb_change.steps
 * @kind: what it did
 * @message: which message wanted it
 * @vip: VIP, or that of the real; NULL for %STEP_UNPIN of any
 * @real: real, as it is since
 * @old: with %STEP_REAL_MOVE, what it was
 * @prev: with %STEP_VIP_DEL and %STEP_REAL_DEL, what it came after
 * @name: name of what it was about
 * @before: with %STEP_REAL_SET, the configuration before, with its arguments
 * @ramp: likewise
 * @epoch: likewise
 * @pin: with %STEP_PIN, an entry that is ready
 * @filter: with %STEP_UNPIN, which entries
 */
struct step {
	struct list_head list;
	enum step_kind kind;
	u32 message;
	struct l4lb_vip *vip;
	struct l4lb_real *real;
	struct l4lb_real *old;
	struct list_head *prev;
	char name[L4LB_NAME_MAX + 1];
	struct l4lb_real_config before;
	struct l4lb_ramp ramp;
	u32 epoch;
	struct l4lb_persist_draft *pin;
	struct l4lb_conn_filter filter;
};

static int no_memory(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "out of memory or ids");

	return -ENOMEM;
}

static struct step *step_alloc(const struct l4lb_change *change,
			       enum step_kind kind)
{
	struct step *step = kzalloc(sizeof(*step), GFP_KERNEL_ACCOUNT);

	if (step) {
		step->kind = kind;
		step->message = change->message;
	}

	return step;
}

static void step_done(struct l4lb_change *change, struct step *step,
		      struct l4lb_vip *vip, struct l4lb_real *real)
{
	step->vip = vip;
	step->real = real;
	strscpy(step->name,
		real ? real->config.name : l4lb_vip_config(vip)->name,
		sizeof(step->name));
	list_add_tail(&step->list, &change->steps);
	if (vip->draft)
		vip->draft->message = change->message;
}

/**
 * l4lb_change_begin() - begin a change
 * @change: to be filled; for l4lb_change_commit() or l4lb_change_undo()
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_change_begin(struct l4lb_change *change, struct l4lb_net *ln)
{
	lockdep_assert_held(&ln->lock);

	memset(change, 0, sizeof(*change));
	change->ln = ln;
	INIT_LIST_HEAD(&change->steps);
	INIT_LIST_HEAD(&change->drafts);
	INIT_LIST_HEAD(&change->addrs);
}

static struct l4lb_vip_draft *draft_make(struct l4lb_change *change,
					 struct l4lb_vip *vip,
					 const struct l4lb_vip_config *config,
					 struct l4lb_allow *allow)
{
	struct l4lb_vip_draft *draft;

	draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return NULL;

	draft->config = *config;
	if (l4lb_check_own(&draft->config.check)) {
		kfree(draft);
		return NULL;
	}
	draft->vip = vip;
	draft->message = change->message;
	draft->allow = l4lb_allow_get(allow);
	INIT_LIST_HEAD(&draft->clones);
	list_add_tail(&draft->list, &change->drafts);
	vip->draft = draft;

	return draft;
}

/* What a VIP is to become; as it is, unless it is part of the change already. */
static struct l4lb_vip_draft *draft_of(struct l4lb_change *change,
				       struct l4lb_vip *vip)
{
	return vip->draft ?: draft_make(change, vip, l4lb_vip_config(vip),
					l4lb_vip_allow(vip));
}

static void draft_free(struct l4lb_vip_draft *draft)
{
	draft->vip->draft = NULL;
	l4lb_allow_put(draft->allow);
	l4lb_check_disown(&draft->config.check);
	list_del(&draft->list);
	kfree(draft);
}

/*
 * What is over in the end could be too much for the memory on the way there. All
 * that a namespace may have can be made anew, and again.
 */
static bool is_beyond(u32 made, u32 max, u32 max_before)
{
	return made / 2 >= max(max, max_before);
}

/**
 * l4lb_change_vip_add() - create a VIP
 * @change: change
 * @config: what it is to be
 * @allow: clients that it is to serve, or NULL for any
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_change_vip_add(struct l4lb_change *change,
			const struct l4lb_vip_config *config,
			struct l4lb_allow *allow,
			struct netlink_ext_ack *extack)
{
	struct l4lb_net *ln = change->ln;
	struct l4lb_vip_draft *draft;
	struct l4lb_vip *vip;
	struct step *step;

	if (l4lb_vip_find(ln, config->name)) {
		NL_SET_ERR_MSG(extack, "a vip of this name exists");
		return -EEXIST;
	}
	if (is_beyond(change->vips_made, ln->global.vips_max,
		      change->global_before.vips_max)) {
		NL_SET_ERR_MSG(extack, "the change makes too many vips");
		return -ENOSPC;
	}

	if (l4lb_net_prepare(ln))
		return no_memory(extack);

	step = step_alloc(change, STEP_VIP_ADD);
	vip = step ? l4lb_vip_alloc(ln) : NULL;
	draft = vip ? draft_make(change, vip, config, allow) : NULL;
	if (!draft) {
		if (vip)
			l4lb_vip_put(vip);
		kfree(step);
		return no_memory(extack);
	}

	draft->fresh = true;
	draft->set = true;
	vip->id = ++ln->next_id;
	list_add_tail(&vip->list, &ln->vips);
	l4lb_vip_enter(vip);
	ln->n_vips++;
	change->vips_made++;
	step_done(change, step, vip, NULL);

	return 0;
}

/**
 * l4lb_change_vip_set() - change a VIP
 * @change: change
 * @vip: VIP
 * @config: what it is to be
 * @allow: clients that it is to serve, or NULL for any
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_change_vip_set(struct l4lb_change *change, struct l4lb_vip *vip,
			const struct l4lb_vip_config *config,
			struct l4lb_allow *allow,
			struct netlink_ext_ack *extack)
{
	struct l4lb_vip_config next = *config;
	struct l4lb_vip *other;
	struct l4lb_vip_draft *draft;
	struct step *step;

	other = l4lb_vip_find(change->ln, config->name);
	if (other && other != vip) {
		NL_SET_ERR_MSG(extack, "a vip of this name exists");
		return -EEXIST;
	}

	if (l4lb_check_own(&next.check))
		return no_memory(extack);
	draft = draft_of(change, vip);
	step = draft ? step_alloc(change, STEP_VIP_SET) : NULL;
	if (!step) {
		l4lb_check_disown(&next.check);
		return no_memory(extack);
	}

	l4lb_check_disown(&draft->config.check);
	draft->config = next;
	l4lb_allow_get(allow);
	l4lb_allow_put(draft->allow);
	draft->allow = allow;
	draft->set = true;
	l4lb_vip_leave(vip);
	l4lb_vip_enter(vip);
	step_done(change, step, vip, NULL);

	return 0;
}

/**
 * l4lb_change_vip_del() - remove a VIP and its reals
 * @change: change
 * @vip: VIP
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM; then the change is to be undone.
 */
int l4lb_change_vip_del(struct l4lb_change *change, struct l4lb_vip *vip,
			struct netlink_ext_ack *extack)
{
	struct l4lb_vip_draft *draft = draft_of(change, vip);
	struct l4lb_net *ln = change->ln;
	struct step *step;

	step = draft ? step_alloc(change, STEP_VIP_DEL) : NULL;
	if (!step)
		return no_memory(extack);

	draft->gone = true;
	step->prev = vip->list.prev;
	list_del(&vip->list);
	l4lb_vip_leave(vip);
	ln->n_vips--;
	ln->n_reals -= vip->n_reals;
	step_done(change, step, vip, NULL);

	return 0;
}

static bool vip_has_up(const struct l4lb_vip *vip, const struct l4lb_real *not)
{
	const struct l4lb_check *check = &l4lb_vip_config(vip)->check;
	const struct l4lb_real *real;

	list_for_each_entry(real, &vip->reals, list)
		if (real != not &&
		    l4lb_real_health(real, check) == L4LB_HEALTH_UP)
			return true;

	return false;
}

/* A real nobody has seen yet; it waits for its check if others are up. */
static struct l4lb_real *real_make(struct l4lb_vip *vip,
				   const struct l4lb_real_config *config,
				   const struct l4lb_real *not)
{
	const struct l4lb_vip_config *vip_config = l4lb_vip_config(vip);
	struct l4lb_real *real;

	real = l4lb_real_alloc(vip, config, &vip_config->addr,
			       vip_config->mode);
	if (real)
		real->provisional = !vip_has_up(vip, not);

	return real;
}

static bool reals_are_beyond(const struct l4lb_change *change,
			     struct netlink_ext_ack *extack)
{
	if (!is_beyond(change->reals_made, change->ln->global.reals_max,
		       change->global_before.reals_max))
		return false;

	NL_SET_ERR_MSG(extack, "the change makes too many reals");

	return true;
}

/**
 * l4lb_change_real_add() - create a real
 * @change: change
 * @vip: its VIP
 * @config: what it is to be
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_change_real_add(struct l4lb_change *change, struct l4lb_vip *vip,
			 const struct l4lb_real_config *config,
			 struct netlink_ext_ack *extack)
{
	struct l4lb_real *real;
	struct step *step;

	if (l4lb_real_find(vip, config->name)) {
		NL_SET_ERR_MSG(extack, "the vip has a real of this name");
		return -EEXIST;
	}
	if (reals_are_beyond(change, extack))
		return -ENOSPC;

	step = draft_of(change, vip) ? step_alloc(change, STEP_REAL_ADD) : NULL;
	real = step ? real_make(vip, config, NULL) : NULL;
	if (!real) {
		kfree(step);
		return no_memory(extack);
	}

	list_add_tail(&real->list, &vip->reals);
	l4lb_real_enter(real);
	vip->n_reals++;
	change->ln->n_reals++;
	change->reals_made++;
	step_done(change, step, vip, real);

	return 0;
}

static bool real_moves(const struct l4lb_real *real,
		       const struct l4lb_real_config *config)
{
	return config->port != real->port || config->family != real->family ||
	       !nf_inet_addr_cmp(&config->addr, &real->addr);
}

/* A real that moves: the old object dies with its connections. */
static int real_move(struct l4lb_change *change, struct l4lb_real *real,
		     const struct l4lb_real_config *config,
		     struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip = real->vip;
	struct l4lb_real *moved;
	struct step *step;

	if (reals_are_beyond(change, extack))
		return -ENOSPC;

	step = step_alloc(change, STEP_REAL_MOVE);
	moved = step ? real_make(vip, config, real) : NULL;
	if (!moved) {
		kfree(step);
		return no_memory(extack);
	}

	list_replace(&real->list, &moved->list);
	INIT_LIST_HEAD(&real->list);
	l4lb_real_leave(real);
	l4lb_real_enter(moved);
	step->old = real;
	change->reals_made++;
	vip->draft->inherits = true;
	step_done(change, step, vip, moved);

	return 0;
}

/**
 * l4lb_change_real_set() - change a real
 * @change: change
 * @real: real; another may be in its place afterwards
 * @config: what it is to be
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_change_real_set(struct l4lb_change *change, struct l4lb_real *real,
			 const struct l4lb_real_config *config,
			 struct netlink_ext_ack *extack)
{
	const struct l4lb_check *inherited;
	struct l4lb_real_config next = *config;
	bool was_out, rechecked;
	struct step *step;

	if (!draft_of(change, real->vip))
		return no_memory(extack);
	if (real_moves(real, config))
		return real_move(change, real, config, extack);

	step = step_alloc(change, STEP_REAL_SET);
	if (!step || l4lb_check_own(&next.check)) {
		kfree(step);
		return no_memory(extack);
	}

	inherited = &l4lb_vip_config(real->vip)->check;
	step->before = real->config;
	step->ramp = real->ramp;
	rechecked = !l4lb_check_equal(l4lb_real_check(real, inherited),
				      next.check_own ? &next.check : inherited);
	was_out = l4lb_real_is_out(real, inherited);
	real->config = next;
	step->epoch = real->epoch;
	if (rechecked)
		l4lb_real_new_epoch(real);
	l4lb_ramp_follow(real, was_out);
	step_done(change, step, real->vip, real);

	return 0;
}

/**
 * l4lb_change_real_del() - remove a real
 * @change: change
 * @real: real
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM; then the change is to be undone.
 */
int l4lb_change_real_del(struct l4lb_change *change, struct l4lb_real *real,
			 struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip = real->vip;
	struct step *step;

	step = draft_of(change, vip) ? step_alloc(change, STEP_REAL_DEL) : NULL;
	if (!step)
		return no_memory(extack);

	step->prev = real->list.prev;
	list_del_init(&real->list);
	l4lb_real_leave(real);
	vip->n_reals--;
	change->ln->n_reals--;
	step_done(change, step, vip, real);

	return 0;
}

/**
 * l4lb_change_pin() - bind a client to a real
 * @change: change
 * @real: real
 * @pin: the client, and for how long
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_change_pin(struct l4lb_change *change, struct l4lb_real *real,
		    const struct l4lb_persist_pin *pin,
		    struct netlink_ext_ack *extack)
{
	struct step *step = step_alloc(change, STEP_PIN);

	if (!step)
		return no_memory(extack);

	step->pin = l4lb_persist_draft(pin);
	if (!step->pin) {
		kfree(step);
		return no_memory(extack);
	}
	step_done(change, step, real->vip, real);

	return 0;
}

/**
 * l4lb_change_unpin() - remove persistence entries
 * @change: change
 * @vip: VIP that they are of, or NULL for any
 * @filter: which
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM; then the change is to be undone.
 */
int l4lb_change_unpin(struct l4lb_change *change, struct l4lb_vip *vip,
		      const struct l4lb_conn_filter *filter,
		      struct netlink_ext_ack *extack)
{
	struct step *step = step_alloc(change, STEP_UNPIN);

	if (!step)
		return no_memory(extack);

	step->vip = vip;
	step->filter = *filter;
	list_add_tail(&step->list, &change->steps);

	return 0;
}

/**
 * l4lb_change_global_now() - what a change of the whole namespace starts from
 * @change: change
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: what holds, or what the change has made of it so far.
 */
const struct l4lb_global *
l4lb_change_global_now(const struct l4lb_change *change)
{
	return change->has_global ? &change->global : &change->ln->global;
}

/**
 * l4lb_change_global() - change what holds for the whole namespace
 * @change: change
 * @global: what is to hold; a limit of 0 means its default
 * @extack: where to explain a failure
 *
 * Whether it stands by is no setting that others follow from: that changes at
 * the very end.
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_change_global(struct l4lb_change *change,
		       const struct l4lb_global *global,
		       struct netlink_ext_ack *extack)
{
	struct l4lb_net *ln = change->ln;
	struct l4lb_global next = *global;
	int err;

	err = l4lb_global_complete(ln, &next, extack);
	if (err)
		return err;

	if (!change->has_global)
		change->global_before = ln->global;
	change->has_global = true;
	change->global_message = change->message;
	change->global = next;
	ln->global = next;
	ln->global.standby = change->global_before.standby;

	return 0;
}

static bool addrs_differ(const struct l4lb_vip_config *a,
			 const struct l4lb_vip_config *b)
{
	return a->family != b->family || !nf_inet_addr_cmp(&a->addr, &b->addr);
}

static int vip_validate(const struct l4lb_vip_draft *draft,
			struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *now = l4lb_vip_published(draft->vip);
	int err;

	err = l4lb_vip_validate(draft->vip, extack);
	if (err)
		return err;

	if (now && now->mode != draft->config.mode &&
	    l4lb_vip_conns(draft->vip)) {
		NL_SET_ERR_MSG(extack,
			       "the mode cannot change while there are connections; end them first (conn flush)");
		return -EBUSY;
	}

	return 0;
}

/* Reals as they will be when packets reach them in another way. */
static int clones_make(struct l4lb_vip_draft *draft)
{
	const struct l4lb_vip_config *config = &draft->config;
	struct l4lb_real *real, *clone;

	list_for_each_entry(real, &draft->vip->reals, list) {
		clone = l4lb_real_clone(real, &config->addr, config->mode);
		if (!clone)
			return -ENOMEM;
		list_add_tail(&clone->list, &draft->clones);
	}

	return 0;
}

/* Its reals may have been made for what it was a few steps ago. */
static bool draft_moves(const struct l4lb_vip_draft *draft)
{
	const struct l4lb_vip_config *now = l4lb_vip_published(draft->vip);
	const struct l4lb_vip_config *config = &draft->config;
	const struct l4lb_real *real;

	if (now && (config->mode != now->mode || addrs_differ(config, now)))
		return true;

	list_for_each_entry(real, &draft->vip->reals, list)
		if (real->mode != config->mode ||
		    !nf_inet_addr_cmp(&real->vip_addr, &config->addr))
			return true;

	return false;
}

static int draft_build(struct l4lb_vip_draft *draft)
{
	struct l4lb_vip_config *config = &draft->config;
	struct l4lb_vip *vip = draft->vip;
	int err;

	draft->moves = draft_moves(draft);
	err = draft->moves ? clones_make(draft) : 0;
	if (!err)
		err = l4lb_fallback_prepare(vip, config, draft->moves,
					    &draft->fallback);
	if (err)
		return err;

	draft->conf = l4lb_vip_conf_build(vip, config,
					  draft->moves ? &draft->clones :
							 &vip->reals);
	if (!draft->conf)
		return -ENOMEM;
	draft->conf->fallback = draft->fallback;

	return 0;
}

static int drafts_build(struct l4lb_change *change,
			struct netlink_ext_ack *extack)
{
	struct l4lb_vip_draft *draft;
	int err;

	list_for_each_entry(draft, &change->drafts, list) {
		if (draft->gone)
			continue;
		change->message = draft->message;
		err = vip_validate(draft, extack);
		if (err)
			return err;
		err = draft_build(draft);
		if (err) {
			NL_SET_ERR_MSG(extack, "out of memory or ids");
			return err;
		}
		cond_resched();
	}

	return 0;
}

static int addr_arrive(struct l4lb_change *change, struct l4lb_vip_draft *draft)
{
	const struct l4lb_vip_config *config = &draft->config;
	struct l4lb_net *ln = change->ln;

	draft->addr = l4lb_addr_get(ln, ln->vip_addrs, config->family,
				    &config->addr);
	if (IS_ERR(draft->addr))
		return PTR_ERR(draft->addr);

	return l4lb_addr_draft_join(&change->addrs, draft->addr, draft);
}

static int addrs_join(struct l4lb_change *change)
{
	struct l4lb_vip_draft *draft;
	int err = 0;

	list_for_each_entry(draft, &change->drafts, list) {
		if (!draft->set && !draft->gone)
			continue;
		if (!draft->fresh)
			err = l4lb_addr_draft_join(&change->addrs,
						   draft->vip->addr, NULL);
		if (!err && !draft->gone)
			err = addr_arrive(change, draft);
		if (err)
			return err;
	}

	return 0;
}

static int addrs_build(struct l4lb_change *change,
		       struct netlink_ext_ack *extack)
{
	struct l4lb_vip_draft *culprit = NULL;
	struct l4lb_addr_draft *addr;
	int err;

	change->message = L4LB_CHANGE_NO_MESSAGE;
	err = addrs_join(change);
	if (err)
		return no_memory(extack);

	list_for_each_entry(addr, &change->addrs, list) {
		err = l4lb_portmap_build(change->ln, addr, &culprit);
		if (!err)
			continue;
		if (!culprit)
			return no_memory(extack);
		change->message = culprit->message;
		NL_SET_ERR_MSG(extack,
			       "another vip has this address, protocol and port");
		return err;
	}

	return 0;
}

static bool step_is_of_real(const struct step *step)
{
	return step->kind == STEP_REAL_ADD || step->kind == STEP_REAL_SET ||
	       step->kind == STEP_REAL_MOVE;
}

/* A VIP that goes takes its reals along, which can still be found by name. */
static bool step_real_stays(const struct step *step)
{
	const struct l4lb_vip_draft *draft = step->vip->draft;

	return !(draft && draft->gone) &&
	       l4lb_real_find(step->vip, step->name) == step->real;
}

/*
 * Reals are checked where they are the news; others fitted before. Of two that
 * are in each other's way the later one is to blame.
 */
static int steps_validate(struct l4lb_change *change,
			  struct netlink_ext_ack *extack)
{
	struct step *step;
	int err;

	list_for_each_entry_reverse(step, &change->steps, list) {
		if (!step_is_of_real(step) || !step_real_stays(step))
			continue;
		change->message = step->message;
		err = l4lb_real_validate(step->real, extack);
		if (err)
			return err;
	}

	return 0;
}

/* Whether all pins together would be too many, if none made room for another. */
static bool pins_are_tight(const struct l4lb_change *change)
{
	u64 n = l4lb_persist_count(change->ln);
	const struct step *step;

	list_for_each_entry(step, &change->steps, list)
		n += step->kind == STEP_PIN;

	return n > change->ln->global.persists_max;
}

static int pin_validate(struct l4lb_change *change, const struct step *step,
			s64 *more, struct netlink_ext_ack *extack)
{
	change->message = step->message;
	if (!step_real_stays(step)) {
		NL_SET_ERR_MSG(extack, "the real is removed or moved");
		return -EINVAL;
	}

	return l4lb_persist_draft_validate(step->pin, step->vip, more, extack);
}

/* What cannot be said of a VIP that is not yet as it will be. */
static int pins_validate(struct l4lb_change *change,
			 struct netlink_ext_ack *extack)
{
	const bool tight = pins_are_tight(change);
	struct step *step;
	s64 more = 0;
	int err = 0;

	list_for_each_entry(step, &change->steps, list) {
		if (step->kind == STEP_PIN)
			err = pin_validate(change, step, &more, extack);
		else if (step->kind == STEP_UNPIN && tight)
			more -= l4lb_persist_mark(change->ln, step->vip,
						  &step->filter);
		if (err)
			break;
		cond_resched();
	}
	if (tight)
		l4lb_persist_unmark(change->ln);

	return err;
}

/* The message that added the last of them, or made the limit what it is. */
static u32 last_message(const struct l4lb_change *change, enum step_kind kind)
{
	const struct step *step;

	list_for_each_entry_reverse(step, &change->steps, list)
		if (step->kind == kind)
			return step->message;

	return change->global_message;
}

static int limits_validate(struct l4lb_change *change,
			   struct netlink_ext_ack *extack)
{
	const struct l4lb_net *ln = change->ln;
	const struct l4lb_global *global = &ln->global;

	if (ln->n_vips > global->vips_max) {
		change->message = last_message(change, STEP_VIP_ADD);
		if (!change->has_global) {
			NL_SET_ERR_MSG(extack,
				       "the namespace has as many vips as it may have");
			return -ENOSPC;
		}
		NL_SET_ERR_MSG(extack, "there are more vips than that");
		return -EBUSY;
	}

	if (ln->n_reals > global->reals_max) {
		change->message = last_message(change, STEP_REAL_ADD);
		if (!change->has_global) {
			NL_SET_ERR_MSG(extack,
				       "the namespace has as many reals as it may have");
			return -ENOSPC;
		}
		NL_SET_ERR_MSG(extack, "there are more reals than that");
		return -EBUSY;
	}

	return 0;
}

/* Another seed of all is another choice in every VIP. */
static int global_touch(struct l4lb_change *change)
{
	struct l4lb_vip *vip;

	if (!change->has_global ||
	    change->global.seed == change->global_before.seed)
		return 0;

	list_for_each_entry(vip, &change->ln->vips, list)
		if (!draft_of(change, vip))
			return -ENOMEM;

	return 0;
}

/* When all is known that their sizes follow from. */
static int tables_start(struct l4lb_change *change,
			struct netlink_ext_ack *extack)
{
	const bool had_persists = l4lb_persist_has_table(change->ln);
	struct l4lb_vip_draft *draft;
	int err = 0;

	list_for_each_entry(draft, &change->drafts, list) {
		if (!draft->gone)
			err = l4lb_net_start(change->ln, &draft->config);
		if (err) {
			change->message = draft->message;
			break;
		}
	}
	change->made_persists = !had_persists &&
				l4lb_persist_has_table(change->ln);
	if (!err)
		return 0;

	NL_SET_ERR_MSG(extack, "the tables or hooks cannot be set up");

	return err;
}

static int change_prepare(struct l4lb_change *change,
			  struct netlink_ext_ack *extack)
{
	int err;

	change->message = L4LB_CHANGE_NO_MESSAGE;
	if (global_touch(change))
		return no_memory(extack);

	err = addrs_build(change, extack);
	if (!err)
		err = steps_validate(change, extack);
	if (!err)
		err = limits_validate(change, extack);
	if (!err)
		err = tables_start(change, extack);
	if (!err)
		err = pins_validate(change, extack);
	if (!err)
		err = drafts_build(change, extack);
	if (err)
		return err;

	change->message = L4LB_CHANGE_NO_MESSAGE;
	if (change->has_global && change->global.n_partners) {
		change->partners = l4lb_partners_alloc(&change->global);
		if (!change->partners)
			return no_memory(extack);
	}

	return 0;
}

static void reals_free(struct list_head *reals)
{
	struct l4lb_real *real, *next;

	list_for_each_entry_safe(real, next, reals, list) {
		list_del(&real->list);
		l4lb_real_free(real);
	}
}

/* Frees what was built and not published. */
static void change_unprepare(struct l4lb_change *change)
{
	struct l4lb_addr_draft *addr, *next;
	struct l4lb_vip_draft *draft;

	list_for_each_entry_safe(addr, next, &change->addrs, list)
		l4lb_addr_draft_free(addr);
	list_for_each_entry(draft, &change->drafts, list) {
		l4lb_vip_conf_free(draft->conf);
		l4lb_fallback_discard(draft->vip, draft->fallback);
		reals_free(&draft->clones);
		if (!IS_ERR_OR_NULL(draft->addr))
			l4lb_addr_put(change->ln, draft->addr);
		draft->conf = NULL;
		draft->fallback = NULL;
		draft->addr = NULL;
	}
	kfree(change->partners);
	change->partners = NULL;
}

static void step_undo(struct l4lb_net *ln, struct step *step)
{
	struct l4lb_vip *vip = step->vip;
	struct l4lb_real *real = step->real;

	switch (step->kind) {
	case STEP_VIP_ADD:
		list_del(&vip->list);
		ln->n_vips--;
		break;
	case STEP_VIP_DEL:
		list_add(&vip->list, step->prev);
		vip->draft->gone = false;
		ln->n_vips++;
		ln->n_reals += vip->n_reals;
		break;
	case STEP_REAL_ADD:
		list_del_init(&real->list);
		l4lb_real_leave(real);
		vip->n_reals--;
		ln->n_reals--;
		l4lb_real_free(real);
		break;
	case STEP_REAL_SET:
		l4lb_check_disown(&real->config.check);
		real->config = step->before;
		real->epoch = step->epoch;
		real->ramp = step->ramp;
		break;
	case STEP_REAL_MOVE:
		l4lb_real_leave(real);
		list_replace(&real->list, &step->old->list);
		INIT_LIST_HEAD(&real->list);
		l4lb_real_enter(step->old);
		l4lb_real_free(real);
		break;
	case STEP_REAL_DEL:
		list_add(&real->list, step->prev);
		l4lb_real_enter(real);
		vip->n_reals++;
		ln->n_reals++;
		break;
	case STEP_PIN:
		l4lb_persist_draft_free(step->pin);
		break;
	case STEP_VIP_SET:
	case STEP_UNPIN:
		break;
	}
}

/* A VIP as it was before, or none. */
static void draft_undo(struct l4lb_vip_draft *draft)
{
	struct l4lb_vip *vip = draft->vip;
	const bool fresh = draft->fresh;

	l4lb_vip_leave(vip);
	draft_free(draft);
	if (fresh)
		l4lb_vip_put(vip);
	else
		l4lb_vip_enter(vip);
}

/**
 * l4lb_change_undo() - let everything be as it was
 * @change: change
 *
 * Context: Process context, under &l4lb_net.lock; may wait for a grace period.
 */
void l4lb_change_undo(struct l4lb_change *change)
{
	struct l4lb_vip_draft *draft, *next_draft;
	struct l4lb_net *ln = change->ln;
	struct step *step, *next;

	change_unprepare(change);
	list_for_each_entry_safe_reverse(step, next, &change->steps, list) {
		step_undo(ln, step);
		list_del(&step->list);
		kfree(step);
		cond_resched();
	}
	list_for_each_entry_safe(draft, next_draft, &change->drafts, list)
		draft_undo(draft);

	if (change->has_global)
		ln->global = change->global_before;
	if (!ln->n_vips) {
		l4lb_net_stop(ln);
		return;
	}
	if (change->made_persists)
		l4lb_persist_discard(ln);
	l4lb_net_trim(ln);
}

/* New reals are ready before a packet can meet them. */
static void reals_ready(struct l4lb_change *change)
{
	struct step *step;

	list_for_each_entry(step, &change->steps, list) {
		if (step->kind != STEP_REAL_ADD && step->kind != STEP_REAL_MOVE)
			continue;
		l4lb_real_settle(step->real);
		l4lb_real_upkeep(step->real);
		if (step->old)
			step->old->heir = step->real;
		cond_resched();
	}
}

static void clones_ready(struct l4lb_vip_draft *draft)
{
	struct l4lb_real *real, *clone;

	if (!draft->moves)
		return;

	clone = list_first_entry(&draft->clones, struct l4lb_real, list);
	list_for_each_entry(real, &draft->vip->reals, list) {
		l4lb_real_settle(clone);
		l4lb_real_upkeep(clone);
		real->heir = clone;
		cond_resched();
		clone = list_next_entry(clone, list);
	}
}

/* Clients under another mask are others, and without persistence none. */
static bool draft_forgets(const struct l4lb_vip_draft *draft)
{
	const struct l4lb_vip_config *now = l4lb_vip_published(draft->vip);
	const struct l4lb_vip_config *then = &draft->config;

	return now && now->persist &&
	       (!then->persist || then->mask != now->mask);
}

static void recheck(struct l4lb_vip_draft *draft)
{
	const struct l4lb_vip_config *now = l4lb_vip_published(draft->vip);
	struct l4lb_real *real;

	if (!now || l4lb_check_equal(&now->check, &draft->config.check))
		return;

	list_for_each_entry(real, &draft->vip->reals, list)
		if (!real->config.check_own)
			l4lb_real_new_epoch(real);
	list_for_each_entry(real, &draft->clones, list)
		if (!real->config.check_own)
			l4lb_real_new_epoch(real);
}

/* Whether there are clients that go over to heirs of their reals. */
static bool change_inherits(const struct l4lb_change *change)
{
	const struct l4lb_vip_draft *draft;

	list_for_each_entry(draft, &change->drafts, list)
		if (!draft->gone && (draft->inherits || draft->moves) &&
		    atomic_read(&draft->vip->persists))
			return true;

	return false;
}

/*
 * Clients' packets are placed anew from here on. A packet that still comes by
 * the old map of an address that its VIP is leaving is dropped.
 */
static void confs_publish(struct l4lb_change *change, bool *forgets)
{
	struct l4lb_vip_draft *draft;

	list_for_each_entry(draft, &change->drafts, list) {
		if (draft->gone)
			continue;
		*forgets |= draft_forgets(draft);
		recheck(draft);
		clones_ready(draft);
		l4lb_vip_conf_swap(draft->vip, draft->conf);
		draft->conf = NULL;
		cond_resched();
	}
}

static void step_publish(struct step *step)
{
	switch (step->kind) {
	case STEP_REAL_SET:
		l4lb_check_disown(&step->before.check);
		l4lb_real_settle(step->real);
		break;
	case STEP_REAL_MOVE:
		l4lb_real_stats(step->old, &step->vip->past);
		l4lb_real_bury(step->old);
		break;
	case STEP_REAL_DEL:
		l4lb_real_stats(step->real, &step->vip->past);
		l4lb_real_bury(step->real);
		break;
	default:
		break;
	}
}

static void reals_bury(struct l4lb_vip *vip)
{
	struct l4lb_real *real, *next;

	list_for_each_entry_safe(real, next, &vip->reals, list)
		l4lb_real_bury(real);
}

/* Reals that take the places of others, clients and all. */
static void clones_publish(struct l4lb_vip_draft *draft)
{
	struct l4lb_vip *vip = draft->vip;
	struct l4lb_real *clone;

	l4lb_base_drop(vip);
	reals_bury(vip);
	list_for_each_entry(clone, &draft->clones, list)
		l4lb_real_enter(clone);
	list_splice_init(&draft->clones, &vip->reals);
}

/*
 * Before the maps lead to it there, the VIP has its address, which the data path
 * knows to be on this host or not. It keeps its reference on the one that it
 * leaves, for now.
 */
static void addrs_settle(struct l4lb_change *change)
{
	struct l4lb_vip_draft *draft;

	list_for_each_entry(draft, &change->drafts, list) {
		if (draft->gone || !draft->set)
			continue;
		swap(draft->vip->addr, draft->addr);
		l4lb_vip_upkeep(draft->vip);
	}
}

static void draft_publish(struct l4lb_vip_draft *draft)
{
	struct l4lb_vip *vip = draft->vip;
	struct l4lb_real *real;

	if (draft->moves)
		clones_publish(draft);
	l4lb_fallback_publish(vip, draft->fallback);
	if (!draft->set)
		return;

	list_for_each_entry(real, &vip->reals, list)
		l4lb_real_settle(real);
}

static void addrs_publish(struct l4lb_change *change)
{
	struct l4lb_addr_draft *addr, *next;

	list_for_each_entry_safe(addr, next, &change->addrs, list) {
		l4lb_portmap_publish(change->ln, addr);
		l4lb_addr_draft_free(addr);
	}
}

/* What is told of a VIP that is gone needs no more than its name. */
static void steps_detach(struct l4lb_change *change)
{
	struct step *step;

	list_for_each_entry(step, &change->steps, list)
		if (step->vip && step->vip->draft && step->vip->draft->gone)
			step->vip = NULL;
}

static void drafts_finish(struct l4lb_change *change)
{
	struct l4lb_vip_draft *draft, *next;
	struct l4lb_net *ln = change->ln;
	struct l4lb_addr *addr;
	struct l4lb_vip *vip;
	bool gone;

	list_for_each_entry_safe(draft, next, &change->drafts, list) {
		vip = draft->vip;
		gone = draft->gone;
		addr = draft->addr;
		draft_free(draft);
		if (gone)
			l4lb_vip_bury(vip);
		else if (addr)
			l4lb_addr_put(ln, addr);
	}
}

/**
 * struct unpins - those that come one after the other, and end together
 * @change: change
 * @step: the last that was taken
 */
struct unpins {
	struct l4lb_change *change;
	struct step *step;
};

static const struct l4lb_conn_filter *unpin_next(void *data,
						 const struct l4lb_vip **vip)
{
	struct unpins *unpins = data;
	struct step *step = unpins->step;

	list_for_each_entry_continue(step, &unpins->change->steps, list) {
		if (step->kind == STEP_PIN)
			return NULL;
		unpins->step = step;
		*vip = step->vip;
		/* The entries of a VIP that has gone went with its reals. */
		if (step->kind == STEP_UNPIN && (*vip || !step->filter.vip))
			return &step->filter;
	}

	return NULL;
}

static void pin_publish(struct step *step)
{
	l4lb_persist_draft_publish(step->pin, step->vip,
				   l4lb_real_find(step->vip, step->name));
	step->pin = NULL;
}

/* In order, for a client may be unbound and bound again. */
static void pins_publish(struct l4lb_change *change)
{
	struct unpins unpins = { .change = change };
	struct step *step;
	bool done = false;

	list_for_each_entry(step, &change->steps, list) {
		if (step->kind == STEP_PIN) {
			pin_publish(step);
			done = false;
		} else if (step->kind == STEP_UNPIN && !done) {
			unpins.step = list_prev_entry(step, list);
			l4lb_persist_end_each(change->ln, unpin_next, &unpins);
			done = true;
		}
	}
}

static void global_publish(struct l4lb_change *change)
{
	struct l4lb_net *ln = change->ln;

	if (!change->has_global)
		return;

	l4lb_partners_swap(ln, change->partners);
	change->partners = NULL;
	if (change->global.standby && !ln->global.standby)
		l4lb_hook_pause(ln);
	ln->global.standby = change->global.standby;
	WRITE_ONCE(ln->conns.max, change->global.conns_max);
	l4lb_persist_limit(ln);
}

static void change_publish(struct l4lb_change *change)
{
	struct l4lb_net *ln = change->ln;
	struct l4lb_vip_draft *draft;
	bool forgets = false;
	struct step *step;

	reals_ready(change);
	confs_publish(change, &forgets);
	if (change_inherits(change))
		l4lb_persist_inherit(ln);
	addrs_settle(change);
	addrs_publish(change);
	list_for_each_entry(step, &change->steps, list)
		step_publish(step);
	list_for_each_entry(draft, &change->drafts, list)
		if (!draft->gone)
			draft_publish(draft);
	global_publish(change);
	ln->generation++;

	/* Nothing is a draft any more. */
	steps_detach(change);
	drafts_finish(change);
	pins_publish(change);
	if (forgets)
		l4lb_persist_sweep(ln, 1);
	if (!ln->n_vips)
		l4lb_net_stop(ln);
}

static void tell_vip(struct l4lb_net *ln, const char *name, u8 event)
{
	struct l4lb_vip *vip = l4lb_vip_find(ln, name);

	if (vip)
		l4lb_notify_vip(vip, event);
}

static void tell_real(const struct step *step, u8 event)
{
	struct l4lb_real *real;

	if (!step->vip)
		return;

	real = l4lb_real_find(step->vip, step->name);
	if (event == L4LB_EVENT_DEL)
		l4lb_notify_gone(step->vip->ln, l4lb_vip_config(step->vip)->name,
				 step->name);
	else if (real)
		l4lb_notify_real(real, event);
}

static void step_tell(struct l4lb_net *ln, const struct step *step)
{
	switch (step->kind) {
	case STEP_VIP_ADD:
		tell_vip(ln, step->name, L4LB_EVENT_NEW);
		break;
	case STEP_VIP_SET:
		tell_vip(ln, step->name, L4LB_EVENT_SET);
		break;
	case STEP_VIP_DEL:
		l4lb_notify_gone(ln, step->name, NULL);
		break;
	case STEP_REAL_ADD:
		tell_real(step, L4LB_EVENT_NEW);
		break;
	case STEP_REAL_SET:
	case STEP_REAL_MOVE:
		tell_real(step, L4LB_EVENT_SET);
		break;
	case STEP_REAL_DEL:
		tell_real(step, L4LB_EVENT_DEL);
		break;
	case STEP_PIN:
	case STEP_UNPIN:
		break;
	}
}

/* Also how a VIP serves since, when the last step that it is about is told. */
static void steps_tell(struct l4lb_change *change)
{
	struct l4lb_net *ln = change->ln;
	struct l4lb_vip *vip = NULL;
	struct step *step;

	list_for_each_entry(step, &change->steps, list) {
		if (vip && vip != step->vip)
			l4lb_notify_state(vip);
		vip = step->vip;
		step_tell(ln, step);
	}
	if (vip)
		l4lb_notify_state(vip);
}

/* Tells what was done, and forgets it. */
static void change_tell(struct l4lb_change *change)
{
	struct l4lb_net *ln = change->ln;
	struct step *step, *next;
	struct l4lb_vip *vip;
	bool standby;

	steps_tell(change);
	list_for_each_entry_safe(step, next, &change->steps, list) {
		list_del(&step->list);
		kfree(step);
		cond_resched();
	}

	if (!change->has_global)
		return;

	standby = change->global.standby != change->global_before.standby;
	l4lb_notify_global(ln, standby);
	list_for_each_entry(vip, &ln->vips, list)
		if (standby)
			l4lb_notify_vip(vip, L4LB_EVENT_HEALTH);
}

/* The last that can fail: packets come in from here on. */
static int change_resume(const struct l4lb_change *change,
			 struct netlink_ext_ack *extack)
{
	int err;

	if (!change->has_global || !change->global_before.standby ||
	    change->global.standby)
		return 0;

	err = l4lb_hook_resume(change->ln);
	if (err)
		NL_SET_ERR_MSG(extack, "the hooks cannot be set up");

	return err;
}

/**
 * l4lb_change_commit() - do what was asked for, all of it or nothing
 * @change: change, which is over afterwards
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock; may wait for grace periods.
 * Return: 0, or a negative errno; then nothing has changed.
 */
int l4lb_change_commit(struct l4lb_change *change,
		       struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&change->ln->lock);

	err = change_prepare(change, extack);
	if (!err)
		err = change_resume(change, extack);
	if (err) {
		l4lb_change_undo(change);
		return err;
	}

	change_publish(change);
	change_tell(change);

	return 0;
}

/**
 * l4lb_change_try() - see whether what was asked for could be done
 * @change: change, which is over afterwards
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock; may wait for a grace period.
 * Return: 0, or the negative errno of l4lb_change_commit(); nothing has changed.
 */
int l4lb_change_try(struct l4lb_change *change, struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&change->ln->lock);

	err = change_prepare(change, extack);
	l4lb_change_undo(change);

	return err;
}
