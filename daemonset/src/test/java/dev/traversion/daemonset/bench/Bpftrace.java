/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A script for bpftrace that writes down what the agent does: programs, ends, fatal signals, connections. The baseline. */
final class Bpftrace extends Observer {

    private static final String SCRIPT = """
            tracepoint:sched:sched_process_exec { printf("%llu exec %d %s %s %llu\\n", nsecs, pid, comm, str(args->filename), cgroup); }
            tracepoint:sched:sched_process_exit /pid == tid/ { printf("%llu exit %d %s %llu\\n", nsecs, pid, comm, cgroup); }
            tracepoint:signal:signal_generate /args->result == 0 && (0x818083fe >> args->sig) & 1/ {
              printf("%llu signal %d %d %d %s %s\\n", nsecs, args->pid, args->sig, args->code, args->comm, comm);
            }
            tracepoint:sock:inet_sock_set_state /args->newstate == 2/ { @started[args->skaddr] = nsecs; @pid[args->skaddr] = pid; }
            tracepoint:sock:inet_sock_set_state /args->newstate == 1 && args->oldstate == 3/ { @started[args->skaddr] = nsecs; @pid[args->skaddr] = 0; }
            tracepoint:sock:inet_sock_set_state /args->newstate == 7 && @started[args->skaddr]/ {
              printf("%llu flow %llu %d %s %d %s %d\\n", nsecs, @started[args->skaddr], @pid[args->skaddr],
                ntop(args->saddr), args->sport, ntop(args->daddr), args->dport);
              delete(@started[args->skaddr]);
              delete(@pid[args->skaddr]);
            }
            tracepoint:tcp:tcp_retransmit_skb { printf("%llu retransmit %d %d\\n", nsecs, args->sport, args->dport); }
            """;

    private final Path directory;

    private Bpftrace(Process process, Path directory) {
        super(process);
        this.directory = directory;
    }

    /** None where it is not installed, or cannot run. */
    static Optional<Bpftrace> start() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/bpftrace"))) {
            return Optional.empty();
        }
        Path directory = Files.createTempDirectory("traversion-bpftrace");
        Path script = Files.writeString(directory.resolve("script.bt"), SCRIPT);
        Path output = directory.resolve("output");
        // In a mount namespace of its own: tracefs need not be there, and goes with it.
        String command =
                "ls /sys/kernel/tracing/events >/dev/null 2>&1 || mount -t tracefs tracefs /sys/kernel/tracing;"
                        + " exec bpftrace -f json -o " + output + " " + script;
        Process process = new ProcessBuilder("unshare", "--mount", "sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
        Bpftrace started = new Bpftrace(process, directory);
        while (process.isAlive()) {
            if (Files.exists(output) && Files.readString(output).contains("attached_probes")) {
                return Optional.of(started);
            }
            Thread.sleep(50);
        }
        System.err.println(
                "bpftrace: " + Files.readString(directory.resolve("said")).strip());
        delete(directory);
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        super.close();
        delete(directory);
    }
}
