/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.snapshotter.live.LiveReport;

/**
 * What a verification says, for people.
 *
 * @param report see {@link dev.traversion.archive.verify.VerifyDocument}
 */
record VerifyText(Terminal terminal, JsonNode report) {

    /** @param compared with a cluster; null if it was not */
    void print(VerifyCommand.Compared compared) {
        terminal.out().println("Cluster " + terminal.bold(report.path("cluster").asText()));
        line("seals", number("seals") + " read");
        line("files", number("files") + " sealed ones read, " + number("bytes") / 1024 + " KiB");
        line("parts", number("parts") + " read, with " + number("versions") + " versions");
        if (number("nodeRows") > 0) {
            line("nodes", number("nodeRows") + " rows read of what happened on them");
        }
        line(
                "log",
                number("unsealedSegments") + " segments that are not sealed yet, with " + number("unsealedChanges")
                        + " changes");
        if (number("readers") > 0) {
            line("reads", number("reads") + " on record, in " + number("readers") + " chains");
        }
        if (compared != null) {
            LiveReport live = compared.report();
            line(
                    "live",
                    live.moments() + " lists compared, with " + live.objects() + " objects: " + live.differing()
                            + " differ (" + live.tooOld() + " moments too old for etcd, " + live.inGaps()
                            + " in gaps; --seed " + compared.seed() + ")");
            live.notes().forEach(note -> line("note", note));
        }
        report.path("notes").forEach(note -> line("note", note.asText()));
        JsonNode damages = report.path("damages");
        damages.forEach(damage -> terminal.error(damage.path("what").asText()));
        boolean isSame = compared == null || compared.report().differing() == 0;
        if (!isSame) {
            compared.report().differences().forEach(terminal::error);
        }
        terminal.out()
                .println(
                        report.path("whole").asBoolean()
                                ? "It is what was written."
                                : "It is damaged: see " + damages.size() + " above.");
        if (compared != null) {
            terminal.out()
                    .println(
                            isSame
                                    ? "It is what the cluster says."
                                    : "It is not what the cluster says: "
                                            + compared.report().differing() + " objects differ.");
        }
    }

    private long number(String field) {
        return report.path(field).asLong();
    }

    private void line(String what, String text) {
        terminal.out().println("  %-6s %s".formatted(what, text));
    }
}
