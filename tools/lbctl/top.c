// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl top: a live screen.
 */

#include "top.h"
#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "names.h"
#include "option.h"
#include "subject.h"
#include "watch.h"

#include <ctype.h>
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL_MS	2000
#define INTERVAL_MIN_MS	200

/* Lines above the rows, and below. */
#define HEAD_LINES	4
#define FOOT_LINES	1

/* Where there are fewer columns, those before the past are narrower. */
#define WIDE		100

/* What the four columns of numbers take, and the blanks between. */
#define NUMBERS		31

#define FILTER_MAX	31
#define KEY_ESCAPE	27
#define KEY_REDRAW	12

#define KEYS	"q quit  s sort  / filter  d drain  h halt  o online"

static const char *const sort_words[] = {
	[TOP_SORT_NONE]		= "as listed",
	[TOP_SORT_NAME]		= "name",
	[TOP_SORT_CONNS]	= "connections",
	[TOP_SORT_RATE]		= "new connections",
	[TOP_SORT_BYTES]	= "bytes",
};

/**
 * struct screen - what is seen
 * @cmd: command
 * @top: what is known
 * @interval: ms between two samples
 * @rows: what is chosen of it, in order
 * @count: how many
 * @first: the one at the top of the screen
 * @vip: VIP of the row that the cursor is on; empty for the first
 * @real: real of that; empty for a VIP
 * @cursor: where that is
 * @sort: what it is sorted by
 * @filter: what must match
 * @editing: whether @filter is being typed
 * @asked: state that was asked for and is to be confirmed, or 0
 * @asked_vip: VIP of the real that it is for
 * @asked_real: that
 * @note: what there is to say; cleared by the next key
 * @utf8: whether the terminal has more than ASCII
 */
struct screen {
	struct cmd *cmd;
	struct top top;
	uint32_t interval;
	const struct top_row **rows;
	size_t count;
	size_t first;
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	size_t cursor;
	enum top_sort sort;
	char filter[FILTER_MAX + 1];
	bool editing;
	uint8_t asked;
	char asked_vip[L4LB_NAME_MAX + 1];
	char asked_real[L4LB_NAME_MAX + 1];
	char note[256];
	bool utf8;
};

static int rows_room(void)
{
	int room = LINES - HEAD_LINES - FOOT_LINES;

	return room > 1 ? room : 1;
}

static const struct top_row *row_current(const struct screen *screen)
{
	return screen->count ? screen->rows[screen->cursor] : NULL;
}

/* The cursor stays on what it was on, wherever that has gone. */
static void cursor_find(struct screen *screen)
{
	size_t i;

	for (i = 0; i < screen->count; i++) {
		if (!strcmp(screen->rows[i]->vip, screen->vip) &&
		    !strcmp(screen->rows[i]->real, screen->real)) {
			screen->cursor = i;
			return;
		}
	}
	if (screen->cursor >= screen->count)
		screen->cursor = screen->count ? screen->count - 1 : 0;
}

static void cursor_set(struct screen *screen, size_t cursor)
{
	const struct top_row *row;

	screen->cursor = cursor;
	row = row_current(screen);
	if (!row)
		return;
	lb_name_copy(screen->vip, row->vip);
	lb_name_copy(screen->real, row->real);
}

static void rows_choose(struct screen *screen)
{
	screen->count = top_select(&screen->top, screen->sort, screen->filter,
				   screen->rows);
	cursor_find(screen);
}

static int sample(struct screen *screen, struct lb_err *err)
{
	const struct top_row **rows;
	int ret;

	ret = top_read(&screen->top, screen->cmd->nl, err);
	if (ret)
		return ret;
	rows = reallocarray(screen->rows, screen->top.count + 1,
			    sizeof(*rows));
	if (!rows)
		return lb_err_code(err, -ENOMEM);
	screen->rows = rows;
	rows_choose(screen);

	return 0;
}

/* How wide columns are; the past has what the others leave. */
struct widths {
	int name;
	int addr;
	int state;
	int past;
};

static struct widths widths_fit(void)
{
	struct widths widths = { .name = 14, .addr = 16, .state = 8 };

	if (COLS >= WIDE)
		widths = (struct widths) { .name = 18, .addr = 22, .state = 9 };
	/* The last column of a terminal is better left alone. */
	widths.past = COLS - 1 - widths.name - widths.addr - widths.state -
		      NUMBERS;
	if (widths.past < 0)
		widths.past = 0;

	return widths;
}

static void titles_draw(void)
{
	struct widths widths = widths_fit();

	attron(A_REVERSE);
	mvprintw(3, 0, "%-*s %-*s %-*s %6s %6s %6s %6s %-*.*s", widths.name,
		 "NAME", widths.addr, "ADDRESS", widths.state, "STATE", "CONNS",
		 "NEW/S", "IN/S", "OUT/S", widths.past, widths.past, "NEW");
	attroff(A_REVERSE);
}

static void head_draw(const struct screen *screen)
{
	const struct lb_info *info = &screen->top.info;
	const struct lb_stats *rate = &screen->top.rate;
	char conns[TOP_COUNT_TEXT], in[TOP_COUNT_TEXT], out[TOP_COUNT_TEXT];
	char clock[16] = "";
	time_t now = time(NULL);
	struct tm local;
	unsigned int i;

	if (localtime_r(&now, &local))
		strftime(clock, sizeof(clock), "%T", &local);
	mvprintw(0, 0, "%s  %u of %u connections, %u clients bound%s%s",
		 clock, info->conns, info->conns_max, info->persists,
		 info->standby ? "  standby" : "",
		 info->flood ? "  flood" : "");
	mvprintw(1, 0, "in a second: %s new connections, bytes in %s, out %s",
		 top_count_print(rate->conns, conns, sizeof(conns)),
		 top_count_print(rate->in_bytes, in, sizeof(in)),
		 top_count_print(rate->out_bytes, out, sizeof(out)));
	move(2, 0);
	for (i = 0; i < screen->top.drops.count; i++)
		printw("%s%s %s", i ? ", " : "dropped: ",
		       lb_names_word(&lb_drop_names,
				     screen->top.drops.drop[i].reason),
		       top_count_print(screen->top.drops.drop[i].packets,
				       conns, sizeof(conns)));
	titles_draw();
}

static void row_draw(const struct screen *screen, int line,
		     const struct top_row *row, bool current)
{
	char name[L4LB_NAME_MAX + 3], new[TOP_COUNT_TEXT], in[TOP_COUNT_TEXT];
	char conns[TOP_COUNT_TEXT], out[TOP_COUNT_TEXT];
	char past[TOP_HISTORY_TEXT] = "";
	struct widths widths = widths_fit();

	snprintf(name, sizeof(name), "%s%s", *row->real ? "  " : "",
		 *row->real ? row->real : row->vip);
	if (widths.past)
		top_history_print(row, screen->utf8, past,
				  widths.past < TOP_HISTORY ?
				  (unsigned int)widths.past : TOP_HISTORY);
	attrset(current ? A_REVERSE : *row->real ? A_NORMAL : A_BOLD);
	if (!row->good)
		attron(COLOR_PAIR(1));
	mvprintw(line, 0, "%-*.*s %-*.*s %-*.*s %6s %6s %6s %6s ", widths.name,
		 widths.name, name, widths.addr, widths.addr, row->addr,
		 widths.state, widths.state, row->state,
		 top_count_print(row->conns, conns, sizeof(conns)),
		 top_count_print(row->rate.conns, new, sizeof(new)),
		 top_count_print(row->rate.in_bytes, in, sizeof(in)),
		 top_count_print(row->rate.out_bytes, out, sizeof(out)));
	addstr(past);
	attrset(A_NORMAL);
}

static void foot_draw(const struct screen *screen)
{
	move(LINES - 1, 0);
	if (screen->asked)
		printw("%s %s/%s? y, or any other key not to",
		       lb_names_word(&lb_admin_names, screen->asked),
		       screen->asked_vip, screen->asked_real);
	else if (screen->editing)
		printw("filter: %s_", screen->filter);
	else if (*screen->note)
		addstr(screen->note);
	else
		printw("%s  [%s]%s%s", KEYS, sort_words[screen->sort],
		       *screen->filter ? " /" : "", screen->filter);
}

static void draw(struct screen *screen)
{
	int room = rows_room(), line;
	size_t i;

	if (screen->cursor < screen->first)
		screen->first = screen->cursor;
	if (screen->cursor >= screen->first + (size_t)room)
		screen->first = screen->cursor - (size_t)room + 1;

	erase();
	head_draw(screen);
	for (line = 0; line < room; line++) {
		i = screen->first + (size_t)line;
		if (i >= screen->count)
			break;
		row_draw(screen, HEAD_LINES + line, screen->rows[i],
			 i == screen->cursor);
	}
	foot_draw(screen);
	refresh();
}

static void state_change(struct screen *screen)
{
	struct lb_err err = { 0 };

	if (subject_change(screen->cmd->nl, screen->asked_vip,
			   screen->asked_real, screen->asked, &err))
		snprintf(screen->note, sizeof(screen->note), "%.200s",
			 err.text);
	else
		snprintf(screen->note, sizeof(screen->note), "%s/%s: %s",
			 screen->asked_vip, screen->asked_real,
			 lb_names_word(&lb_admin_names, screen->asked));
}

/* Others may be at the cursor before there is an answer. */
static void state_ask(struct screen *screen, uint8_t admin)
{
	const struct top_row *row = row_current(screen);

	if (!row || !*row->real) {
		snprintf(screen->note, sizeof(screen->note),
			 "this is a VIP; choose a real below it");
		return;
	}
	screen->asked = admin;
	lb_name_copy(screen->asked_vip, row->vip);
	lb_name_copy(screen->asked_real, row->real);
}

static void filter_key(struct screen *screen, int key)
{
	size_t used = strlen(screen->filter);

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		screen->editing = false;
	} else if (key == KEY_ESCAPE) {
		screen->editing = false;
		*screen->filter = '\0';
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (used)
			screen->filter[used - 1] = '\0';
	} else if (key < 127 && isgraph(key) && used < FILTER_MAX) {
		screen->filter[used] = (char)key;
		screen->filter[used + 1] = '\0';
	}
	rows_choose(screen);
}

static void cursor_key(struct screen *screen, int key)
{
	size_t page = (size_t)rows_room();
	size_t last = screen->count ? screen->count - 1 : 0;
	size_t cursor = screen->cursor;

	switch (key) {
	case KEY_UP:
	case 'k':
		cursor = cursor ? cursor - 1 : 0;
		break;
	case KEY_DOWN:
	case 'j':
		cursor++;
		break;
	case KEY_PPAGE:
		cursor = cursor > page ? cursor - page : 0;
		break;
	case KEY_NPAGE:
		cursor += page;
		break;
	case KEY_HOME:
		cursor = 0;
		break;
	case KEY_END:
		cursor = last;
		break;
	default:
		return;
	}
	cursor_set(screen, cursor < last ? cursor : last);
}

/* Returns false if it was the last one. */
static bool command_key(struct screen *screen, int key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return false;
	case 's':
		screen->sort = (screen->sort + 1) % TOP_SORT_COUNT;
		rows_choose(screen);
		break;
	case '/':
		screen->editing = true;
		break;
	case 'd':
		state_ask(screen, L4LB_ADMIN_DRAIN);
		break;
	case 'h':
		state_ask(screen, L4LB_ADMIN_HALT);
		break;
	case 'o':
		state_ask(screen, L4LB_ADMIN_ONLINE);
		break;
	default:
		cursor_key(screen, key);
		break;
	}

	return true;
}

static bool key_take(struct screen *screen, int key)
{
	if (key == KEY_REDRAW)
		clearok(curscr, TRUE);
	if (key == KEY_REDRAW || key == KEY_RESIZE)
		return true;
	*screen->note = '\0';
	if (screen->asked) {
		if (key == 'y')
			state_change(screen);
		screen->asked = 0;
		return true;
	}
	if (screen->editing) {
		filter_key(screen, key);
		return true;
	}

	return command_key(screen, key);
}

static int screen_run(struct screen *screen, struct lb_err *err)
{
	uint64_t next = 0, now, wait;
	int ret, key;

	for (;;) {
		now = watch_now();
		if (now >= next) {
			ret = sample(screen, err);
			if (ret)
				return ret;
			next = now + screen->interval;
		}
		draw(screen);
		now = watch_now();
		wait = next > now ? next - now : 0;
		timeout(wait < INT_MAX ? (int)wait : INT_MAX);
		key = getch();
		/* The terminal may have gone. */
		if (key == ERR && !isatty(STDIN_FILENO))
			return 0;
		if (key != ERR && !key_take(screen, key))
			return 0;
	}
}

static int set_interval(void *object, const char *value, struct lb_err *err)
{
	uint32_t *interval = object;

	*interval = INTERVAL_MS;

	return value ? lb_duration_parse(value, INTERVAL_MIN_MS, interval,
					 err) : 0;
}

static const struct lb_option top_options[] = {
	{ .word = "interval", .set = set_interval },
	{ .word = NULL },
};

static int top_show(struct screen *screen, struct lb_err *err)
{
	SCREEN *terminal;
	int ret;

	setlocale(LC_CTYPE, "");
	screen->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	terminal = newterm(NULL, stdout, stdin);
	if (!terminal)
		return lb_err_set(err, -ENOTTY,
				  "the terminal is of an unknown type");

	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	if (has_colors()) {
		start_color();
		use_default_colors();
		init_pair(1, COLOR_RED, -1);
	}
	ret = screen_run(screen, err);
	endwin();
	delscreen(terminal);

	return ret;
}

static int top_run(struct cmd *cmd, struct lb_words *words)
{
	struct screen screen = { .cmd = cmd, .interval = INTERVAL_MS };
	struct lb_err err = { 0 };
	int ret;

	ret = lb_options_take(words, top_options, &screen.interval, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	ret = cmd_open(cmd);
	if (ret)
		return ret;

	if (cmd->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		ret = lb_err_set(&err, -ENOTTY,
				 "this needs a terminal; see lbctl stats rate");
	else
		ret = top_show(&screen, &err);
	top_free(&screen.top);
	free(screen.rows);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

const struct verb top_verbs[] = {
	{ .object = "top", .usage = "[interval TIME]", .run = top_run },
	{ .object = NULL },
};
