/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that happened on a node, in words.
 *
 * @param at ns UTC
 * @param kind as the row has it; {@code gap} of what was not recorded, {@code broken} of a connection that did not end well
 * @param pod whose it was; empty of the node's own, and where the pod is not in the recording
 * @param podUid {@code ""} of the node's own
 * @param container its name, or the beginning of its id; may be {@code ""}
 * @param text a sentence for people
 * @param isTrouble whether it is what people look for: a kill, a crash, a refused connection, a loss
 */
public record NodeEvent(
        long at,
        String node,
        String kind,
        Optional<ObjectKey> pod,
        String podUid,
        String container,
        String text,
        boolean isTrouble) {

    private static final Set<LandingTable> TROUBLE = Set.of(LandingTable.GAPS, LandingTable.DNS, LandingTable.USAGE);
    private static final long MEBI = 1 << 20;
    private static final long SIGKILL = 9;

    /** The other side had ended the connection, and takes no more: EPIPE. */
    private static final long ENDED = 32;

    private static final Map<Long, String> SIGNALS = Map.ofEntries(
            Map.entry(1L, "SIGHUP"),
            Map.entry(2L, "SIGINT"),
            Map.entry(3L, "SIGQUIT"),
            Map.entry(4L, "SIGILL"),
            Map.entry(6L, "SIGABRT"),
            Map.entry(7L, "SIGBUS"),
            Map.entry(8L, "SIGFPE"),
            Map.entry(9L, "SIGKILL"),
            Map.entry(11L, "SIGSEGV"),
            Map.entry(13L, "SIGPIPE"),
            Map.entry(15L, "SIGTERM"),
            Map.entry(31L, "SIGSYS"));
    private static final Map<Long, String> TYPES = Map.of(
            1L, "A", 2L, "NS", 5L, "CNAME", 12L, "PTR", 15L, "MX", 16L, "TXT", 28L, "AAAA", 33L, "SRV", 65L, "HTTPS");
    private static final Map<Long, String> CODES =
            Map.of(0L, "NOERROR", 1L, "FORMERR", 2L, "SERVFAIL", 3L, "NXDOMAIN", 4L, "NOTIMP", 5L, "REFUSED");
    private static final Map<Long, String> ERRORS = Map.of(
            0L,
            "given up",
            104L,
            "reset by the other side",
            110L,
            "timed out",
            111L,
            "refused",
            113L,
            "no route to host");

    /** @param row of processes, flows, questions that came to nothing, arguments, control groups or gaps */
    public static NodeEvent of(NodeRow row, NodeNames names) {
        if (row.table() == LandingTable.GAPS) {
            return new NodeEvent(row.time(), row.node(), "gap", Optional.empty(), "", "", gap(row), true);
        }
        String uid = row.text("pod_uid");
        String kind =
                switch (row.table()) {
                    case ARGUMENTS -> "arguments";
                    case USAGE -> "throttled";
                    case FLOWS -> isBroken(row) ? "broken" : row.text("kind");
                    default -> row.text("kind");
                };
        String text =
                switch (row.table()) {
                    case PROCESS_EVENTS -> process(row);
                    case FLOWS -> flow(row, names);
                    case DNS -> question(row);
                    case ARGUMENTS -> arguments(row);
                    case USAGE -> throttled(row);
                    case CGROUPS -> row.text("path");
                    default -> throw new IllegalArgumentException("no events of " + row.table());
                };
        return new NodeEvent(
                row.time(),
                row.node(),
                kind,
                names.pod(uid),
                uid,
                names.container(row.text("container_id")),
                text,
                isTrouble(row));
    }

    /** Whether a row is what people look for. */
    public static boolean isTrouble(NodeRow row) {
        if (row.table() == LandingTable.ARGUMENTS) {
            return false;
        }
        String kind = row.text("kind");
        if (row.table() == LandingTable.FLOWS) {
            return kind.equals("failed") || isBroken(row);
        }
        boolean isExit = row.table() == LandingTable.PROCESS_EVENTS
                && kind.equals("exit")
                && (row.number("exit_code") != 0 || row.number("signal") != 0)
                && !isSandboxsEnd(row);
        return isExit || kind.equals("oom_kill") || TROUBLE.contains(row.table());
    }

    /** Whether a connection that was established did not end well. */
    static boolean isBroken(NodeRow row) {
        return isBroken(row.text("kind"), row.number("error"));
    }

    static boolean isBroken(String kind, long error) {
        return error != 0 && error != ENDED && !kind.equals("failed");
    }

    /** The process that holds a pod's sandbox is killed when the pod is done. */
    private static boolean isSandboxsEnd(NodeRow row) {
        return row.number("signal") == SIGKILL && row.text("command").equals("pause");
    }

    /** Whether it is a step by which the runtime starts a container, and went well. */
    static boolean isRuntimesStep(NodeRow row) {
        return row.text("command").startsWith("runc:[") && row.number("exit_code") == 0 && row.number("signal") == 0;
    }

    private static String process(NodeRow row) {
        String who = row.text("command") + " (pid " + row.number("pid") + ")";
        return switch (row.text("kind")) {
            case "exec", "running" ->
                who + " " + row.text("file") + directory(row) + ", parent " + row.number("parent_pid") + ", uid "
                        + row.number("uid");
            case "exit" ->
                who
                        + (row.number("signal") != 0
                                ? " killed by " + signal(row.number("signal"))
                                : " exited with " + row.number("exit_code"))
                        + ", at most " + mebi(row.number("resident_bytes"));
            case "oom_kill" -> who + " killed: out of memory with " + mebi(row.number("resident_bytes"));
            case "signal" ->
                signal(row.number("signal")) + " to " + who + " from " + row.text("sender_command") + " (pid "
                        + row.number("sender_pid") + ")";
            default -> who;
        };
    }

    /** Where the program began, if that is known. */
    private static String directory(NodeRow row) {
        String directory = row.text("working_directory");
        return directory.isEmpty() ? "" : " in " + directory;
    }

    private static String flow(NodeRow row, NodeNames names) {
        boolean isFrom = row.text("kind").equals("accepted");
        return "connection " + (isFrom ? "from " : "to ") + address(row, "remote", names) + " "
                + outcome(row.text("kind"), row.number("error"));
    }

    /** What became of a connection, with the reason where it came to nothing or broke. */
    static String outcome(String kind, long error) {
        if (kind.equals("failed")) {
            return "failed: " + reason(error);
        }
        return isBroken(kind, error) ? "broke: " + reason(error) : kind;
    }

    private static String reason(long error) {
        return ERRORS.getOrDefault(error, "error " + error);
    }

    /** Of one that came to nothing. */
    private static String question(NodeRow row) {
        String name = TYPES.getOrDefault(row.number("type"), "type " + row.number("type")) + " " + row.text("name");
        String server = " by " + row.text("server_address") + ":" + row.number("server_port");
        if (row.text("kind").equals("unanswered")) {
            return "lookup of " + name + " not answered" + server + ", asked " + row.number("attempts")
                    + (row.number("attempts") == 1 ? " time" : " times");
        }
        long code = row.number("code");
        return "lookup of " + name + " answered with " + CODES.getOrDefault(code, "code " + code) + server + " in "
                + row.number("took") / 1000 + " us";
    }

    /** Of differences between two samples. */
    private static String throttled(NodeRow row) {
        return "throttled in " + row.number("throttled_periods") + " of " + row.number("periods")
                + " periods of its CPU limit, waited " + row.number("throttled_ns") / 1_000_000 + " ms";
    }

    private static String arguments(NodeRow row) {
        long cut = row.number("cut");
        return "(pid " + row.number("pid") + ") " + row.text("command_line")
                + (cut == 0 ? "" : " ... " + cut + " bytes more");
    }

    /** {@code pods/shop/web:80 (10.0.0.3)}, or only the address if nobody is known to have it. */
    static String address(NodeRow row, String side, NodeNames names) {
        String address = row.text(side + "_address");
        long port = row.number(side + "_port");
        String plain = (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        return (side.equals("local") ? names.local(row) : names.owner(address, row))
                .map(key -> key.type().resource() + "/" + key.path() + ":" + port + " (" + address + ")")
                .orElse(plain);
    }

    private static String gap(NodeRow row) {
        long events = row.number("events");
        String kind = row.text("kind");
        boolean isOpen = row.number("to_time") == Long.MAX_VALUE;
        return (events > 0 ? events + " events" : "events") + " of kind " + kind
                + (isOpen ? " are not recorded from here on: " : " were not recorded: ") + row.text("reason");
    }

    private static String signal(long signal) {
        return SIGNALS.getOrDefault(signal, "signal " + signal);
    }

    private static String mebi(long bytes) {
        return bytes / MEBI + " MiB";
    }
}
