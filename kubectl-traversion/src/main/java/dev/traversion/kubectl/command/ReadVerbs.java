/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.server.KubectlArguments;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** kubectl's verbs that only read, and the flags that would lead it elsewhere. */
final class ReadVerbs {

    static final String TEXT =
            "get, describe, logs, top, events, explain, api-resources, api-versions, version, cluster-info, auth, rollout history, wait";

    private static final Set<String> READING = Set.of(
            "get",
            "describe",
            "logs",
            "top",
            "events",
            "explain",
            "api-resources",
            "api-versions",
            "version",
            "cluster-info",
            "auth",
            "rollout",
            "wait");

    /** Verbs of which only some subcommands read. */
    private static final Map<String, Set<String>> SUBCOMMANDS = Map.of(
            "rollout",
            Set.of("history", "status"),
            "auth",
            Set.of("can-i", "whoami"),
            "cluster-info",
            Set.of("", "dump"));

    private static final Set<String> CHANGING = Set.of(
            "annotate",
            "apply",
            "attach",
            "autoscale",
            "certificate",
            "cordon",
            "cp",
            "create",
            "debug",
            "delete",
            "drain",
            "edit",
            "exec",
            "expose",
            "label",
            "patch",
            "port-forward",
            "proxy",
            "replace",
            "run",
            "scale",
            "set",
            "taint",
            "uncordon");

    private static final List<String> ELSEWHERE = List.of(
            "--server",
            "-s",
            "--token",
            "--user",
            "--cluster",
            "--as",
            "--as-group",
            "--as-uid",
            "--client-certificate",
            "--client-key",
            "--certificate-authority",
            "--username",
            "--password",
            "--insecure-skip-tls-verify");

    private ReadVerbs() {}

    /**
     * Makes sure that a command only reads.
     *
     * @throws TraversionException if not
     */
    static void check(KubectlArguments arguments, String time) {
        List<String> words = arguments.words();
        if (words.isEmpty()) {
            throw new TraversionException(
                    "What should kubectl do at " + time + "? For example: kubectl traversion at " + time + " get pods");
        }
        String verb = words.getFirst();
        if (!arguments.all().getFirst().equals(verb)) {
            throw new TraversionException("kubectl's verb comes before its flags: kubectl traversion at " + time + " "
                    + verb + " " + arguments.all().getFirst() + " ...");
        }
        if (CHANGING.contains(verb)) {
            throw new TraversionException(
                    "kubectl " + verb + " acts on a cluster, and the past is read-only. at runs: " + TEXT + ".");
        }
        if (!READING.contains(verb)) {
            throw new TraversionException("kubectl " + verb + " is none of the verbs at runs: " + TEXT
                    + ". For other tools: kubectl traversion rewind " + time);
        }
        String sub = words.size() > 1 ? words.get(1) : "";
        Set<String> reading = SUBCOMMANDS.get(verb);
        if (reading != null && !reading.contains(sub)) {
            throw new TraversionException(
                    "kubectl " + (verb + " " + sub).strip() + " does not only read. at runs: kubectl " + verb + " "
                            + String.join(" or ", reading.stream().sorted().toList()) + ".");
        }
        for (String flag : ELSEWHERE) {
            if (arguments.has(flag)) {
                throw new TraversionException(flag + " has no meaning here: at asks the recording, not a cluster."
                        + " Choose the recording with --from and --cluster before TIME.");
            }
        }
    }
}
