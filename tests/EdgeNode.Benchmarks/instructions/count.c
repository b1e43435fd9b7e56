/*
 * A plugin of qemu-user that counts the instructions that a thread runs between close(-98001) and close(-98002), calls that no program makes
 * otherwise. The second one writes the number, divided by the plugin's argument calls=N, to standard output. docs/performance.md says how to
 * build and use it.
 *
 * The declarations repeat what is needed of QEMU's interface for plugins, version 1 (QEMU 7.2), since Debian does not package its header.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qemu_plugin_tb;
typedef void at_translation(uint64_t id, struct qemu_plugin_tb *block);
typedef void at_execution(unsigned vcpu, void *data);
typedef void at_call(uint64_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5,
                     uint64_t a6, uint64_t a7, uint64_t a8);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, at_translation *callback);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, at_execution *callback, int flags, void *data);
void qemu_plugin_register_vcpu_syscall_cb(uint64_t id, at_call *callback);

int qemu_plugin_version = 1;

enum { BEGIN = -98001, END = -98002 };

static __thread uint64_t instructions;
static uint64_t calls = 1;

static void execute(unsigned vcpu, void *data)
{
    (void)vcpu;
    instructions += (uintptr_t)data;
}

static void translate(uint64_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(block, execute, 0, (void *)qemu_plugin_tb_n_insns(block));
}

static void mark(uint64_t id, unsigned vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4, uint64_t a5, uint64_t a6,
                 uint64_t a7, uint64_t a8)
{
    (void)id, (void)vcpu, (void)number, (void)a2, (void)a3, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
    if ((int32_t)a1 == BEGIN) {
        instructions = 0;
    } else if ((int32_t)a1 == END) {
        printf("%llu\n", (unsigned long long)(instructions / calls));
        fflush(stdout);
    }
}

int qemu_plugin_install(uint64_t id, const void *info, int count, char **arguments)
{
    (void)info;
    for (int i = 0; i < count; i++)
        if (strncmp(arguments[i], "calls=", 6) == 0)
            calls = strtoull(arguments[i] + 6, NULL, 10);
    if (calls == 0)
        return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    qemu_plugin_register_vcpu_syscall_cb(id, mark);
    return 0;
}
