// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration that is there after the next boot.
 *
 * What would change is for "plan" to say, which is run as a program of its own:
 * it may end at any word of the file.
 */

#include "saved.h"
#include "err.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What "plan" ends with if there are changes. */
#define STATUS_CHANGES	10

static void plan_run(int errors)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	    dup2(null, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0)
		execl("/proc/self/exe", "lbctl", "plan", SAVED_FILE, NULL);
	_exit(127);
}

/* The first line is what counts. */
static void why_read(int fd, char *why, size_t size)
{
	static const char own[] = "lbctl: ";
	FILE *file = fdopen(fd, "r");
	char line[512] = "";
	char *text = line;

	if (!file) {
		close(fd);
		return;
	}
	if (!fgets(line, sizeof(line), file))
		*line = '\0';
	while (fgetc(file) != EOF)
		;
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(text, own, strlen(own)))
		text += strlen(own);
	lb_text_clean(why, size, text, strlen(text));
}

/* It is that of the machine, not of some namespace. */
static bool is_machine(void)
{
	struct stat own, first;

	return !stat("/proc/self/ns/net", &own) &&
	       !stat("/proc/1/ns/net", &first) &&
	       own.st_dev == first.st_dev && own.st_ino == first.st_ino;
}

/**
 * saved_compare() - compare it with the one that runs
 * @why: why it cannot be applied
 * @size: size of @why
 *
 * Return: how it is.
 */
enum saved saved_compare(char *why, size_t size)
{
	int pipes[2], status;
	pid_t pid;

	*why = '\0';
	if (!is_machine())
		return SAVED_SAME;
	if (access(SAVED_FILE, F_OK))
		return SAVED_NONE;
	if (pipe2(pipes, O_CLOEXEC))
		return SAVED_SAME;
	pid = fork();
	if (!pid)
		plan_run(pipes[1]);
	close(pipes[1]);
	why_read(pipes[0], why, size);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return SAVED_SAME;

	switch (WEXITSTATUS(status)) {
	case 0:
		return SAVED_SAME;
	case STATUS_CHANGES:
		return SAVED_DIFFERS;
	default:
		return SAVED_WRONG;
	}
}
