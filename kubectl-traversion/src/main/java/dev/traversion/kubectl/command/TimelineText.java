/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What happened, a line each, for people. */
final class TimelineText {

    private static final int FIELDS_SHOWN = 3;

    private final Terminal terminal;
    private final Instant now = Instant.now();

    TimelineText(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(CauseMark mark) {
        terminal.out()
                .println(terminal.dim(MomentText.brief(Instant.ofEpochMilli(mark.at() / 1_000_000), now)) + "  "
                        + terminal.bold("--> " + mark.text().replace("\n", " ")));
    }

    void print(TimelineEntry entry) {
        String what =
                switch (entry.what()) {
                    case CREATED -> terminal.added("created  ");
                    case DELETED -> terminal.removed("deleted  ");
                    case CHANGED -> "changed  ";
                    case CONDITION -> "condition";
                    case EVENT -> entry.text().startsWith("Warning") ? terminal.removed("event    ") : "event    ";
                    case PROCESS -> terminal.removed("process  ");
                    case GAP -> terminal.removed("gap      ");
                };
        String text =
                entry.text().isEmpty() ? fields(entry.fields()) : entry.text().replace("\n", " ");
        terminal.out()
                .println(terminal.dim(time(entry)) + "  " + what + "  " + terminal.bold(Targets.text(entry.key()))
                        + (text.isEmpty() ? "" : "  " + text)
                        + (entry.who().isEmpty() ? "" : "  " + terminal.dim("(" + entry.who() + ")")));
    }

    private String time(TimelineEntry entry) {
        return MomentText.brief(Instant.ofEpochMilli(entry.at() / 1_000_000), now);
    }

    private static String fields(List<FieldChange> fields) {
        String shown = fields.stream()
                .limit(FIELDS_SHOWN)
                .map(field -> field.path() + DiffText.brief(field))
                .collect(Collectors.joining(", "));
        return shown + (fields.size() > FIELDS_SHOWN ? ", and " + (fields.size() - FIELDS_SHOWN) + " more" : "");
    }
}
