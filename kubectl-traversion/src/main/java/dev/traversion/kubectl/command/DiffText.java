/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.Diff;
import dev.traversion.analysis.FieldChange;
import dev.traversion.analysis.ObjectChange;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A diff for people. */
final class DiffText {

    /** Longer values are cut, with what was left out in numbers. */
    private static final int VALUE = 160;

    private final Terminal terminal;
    private final boolean withStatus;
    private final Instant now = Instant.now();
    private int statusFields;
    private int statusObjects;

    /** @param withStatus whether status fields are shown, not counted */
    DiffText(Terminal terminal, boolean withStatus) {
        this.terminal = terminal;
        this.withStatus = withStatus;
    }

    void show(ObjectChange change) {
        List<FieldChange> shown = change.fields().stream()
                .filter(field -> withStatus || !field.isStatus())
                .toList();
        int hidden = change.fields().size() - shown.size();
        statusFields += hidden;
        if (change.type() == ObjectChange.Type.CHANGED && shown.isEmpty()) {
            statusObjects++;
            return;
        }
        String sign =
                switch (change.type()) {
                    case ADDED -> "+";
                    case REMOVED -> "-";
                    case CHANGED -> "~";
                    case REPLACED -> "-/+";
                };
        ObjectKey key = change.key();
        String place = key.namespace().isEmpty() ? "" : " -n " + key.namespace();
        String by = change.manager().isEmpty() ? "" : " by " + change.manager();
        String when = " " + MomentText.brief(Times.instant(change.observedAt()).truncatedTo(ChronoUnit.SECONDS), now);
        terminal.out()
                .println(sign + " " + terminal.bold(key.type() + "/" + key.name()) + place + terminal.dim(by + when));
        for (FieldChange field : shown) {
            String who = field.manager().isEmpty()
                    ? ""
                    : " by " + field.manager() + (field.time().isEmpty() ? "" : " " + time(field.time()));
            if (isLines(field.before()) && isLines(field.after())) {
                lines(field, who);
                continue;
            }
            terminal.out()
                    .println("    " + field.path() + ": " + value(field.before()) + " -> " + value(field.after())
                            + terminal.dim(who));
        }
    }

    void summary(Diff.Summary summary) {
        for (CoverageInterval gap : summary.gaps()) {
            String end = gap.to() == Long.MAX_VALUE ? "" : MomentText.brief(Times.instant(gap.to()), now);
            terminal.note("not recorded: " + gap.type() + " "
                    + MomentText.brief(Times.instant(gap.from()), now) + " .. " + end
                    + (gap.reason().isEmpty() ? "" : ": " + gap.reason()));
        }
        if (summary.isEmpty()) {
            terminal.note("No difference.");
        } else {
            terminal.out()
                    .println(summary.changed() + " changed, " + summary.added() + " added, " + summary.removed()
                            + " removed");
        }
        List<String> folded = new ArrayList<>();
        if (statusFields > 0) {
            folded.add(statusFields + " status fields (" + statusObjects + " objects changed in nothing else)");
        }
        if (summary.foldedFields() > 0) {
            folded.add(summary.foldedFields() + " fields that change all the time");
        }
        if (summary.foldedObjects() > 0) {
            folded.add(summary.foldedObjects() + " leases and heartbeats");
        }
        if (summary.events() > 0) {
            folded.add(summary.events() + " Events");
        }
        if (!folded.isEmpty()) {
            terminal.out().println(terminal.dim("not shown: " + String.join(", ", folded)));
        }
    }

    private static boolean isLines(JsonNode value) {
        return value != null && value.isTextual() && value.asText().contains("\n");
    }

    /** Of a text of many lines only those that are on one side. */
    private void lines(FieldChange field, String who) {
        List<String> before = field.before().asText().lines().toList();
        List<String> after = field.after().asText().lines().toList();
        terminal.out().println("    " + field.path() + ":" + terminal.dim(who));
        if (before.containsAll(after) && after.containsAll(before)) {
            terminal.out().println("      the same lines, moved or repeated");
        }
        before.stream().filter(line -> !after.contains(line)).forEach(line -> terminal.out()
                .println("      - " + line));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> terminal.out()
                .println("      + " + line));
    }

    private String time(String written) {
        return MomentText.brief(Instant.parse(written), now);
    }

    private static String value(JsonNode value) {
        if (value == null) {
            return "(none)";
        }
        String text = value.isTextual() && value.asText().matches("\\S+") ? value.asText() : value.toString();
        return text.length() <= VALUE ? text : text.substring(0, VALUE) + "...(" + text.length() + " characters)";
    }
}
