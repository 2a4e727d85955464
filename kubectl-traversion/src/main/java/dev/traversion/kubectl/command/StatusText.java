/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.status.StatusDocument;
import dev.traversion.analysis.status.TypeStatus;
import dev.traversion.archive.ResourceType;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells people how completely a cluster is being recorded. */
final class StatusText {

    private static final String GAP = StatusDocument.word(TypeStatus.State.GAP);

    private final Terminal terminal;
    private final JsonNode status;
    private final Instant now = Instant.now();

    /** @param status as of {@link StatusDocument} */
    StatusText(Terminal terminal, JsonNode status) {
        this.terminal = terminal;
        this.status = status;
    }

    /** Whether somebody is recording, and nothing is in a gap. */
    static boolean isWell(JsonNode status) {
        for (JsonNode type : status.path("resources")) {
            if (type.path("state").asText().equals(GAP)) {
                return false;
            }
        }
        return status.path("recording").asBoolean();
    }

    void print() {
        Instant end = instant(status, "end");
        terminal.out()
                .println("Cluster %s: %s, from %s to %s (%s), %s"
                        .formatted(
                                terminal.bold(status.path("cluster").asText()),
                                status.path("recording").asBoolean()
                                        ? "is being recorded"
                                        : terminal.bold("nobody is recording"),
                                MomentText.full(instant(status, "start")),
                                MomentText.full(end),
                                MomentText.ago(end, now),
                                Sizes.text(status.path("bytes").asLong())));
        recorders();
        resources(end);
        nodes();
        if (status.path("withheld").asBoolean()) {
            terminal.note("When something last changed, and the nodes, are shown to those who may list everything.");
        }
    }

    /** Times are those of the recorders' clocks. */
    private void recorders() {
        if (status.path("recorders").isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RECORDER", "RESOURCES", "LAST BEAT", "SINCE", "COMMITS"));
        JsonNode committer = status.path("committer");
        for (JsonNode member : status.path("recorders")) {
            rows.add(List.of(
                    member.path("recorder").asText(),
                    Integer.toString(member.path("resources").size()),
                    age(instant(member, "lastBeat"), now),
                    MomentText.full(instant(member, "since")),
                    member.path("commits").asBoolean()
                            ? "since " + MomentText.full(instant(committer, "since")) + ", number "
                                    + committer.path("number").asLong()
                            : ""));
        }
        terminal.out().println();
        StatusCommand.aligned(rows).forEach(terminal.out()::println);
    }

    private void resources(Instant end) {
        // The lag of a recording that has ended would be that of its end.
        Instant reference = status.path("recording").asBoolean() ? now : end;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RESOURCE", "STATE", "LAST CHANGE", "LAG", "COVERED", "GAPS", "REASON"));
        for (JsonNode type : status.path("resources")) {
            rows.add(List.of(
                    new ResourceType(
                                    type.path("group").asText(),
                                    type.path("resource").asText())
                            .toString(),
                    type.path("state").asText(),
                    type.has("lastChange") ? age(instant(type, "lastChange"), now) : "-",
                    type.has("confirmed") ? age(instant(type, "confirmed"), reference) : "-",
                    percent(type.path("covered").asDouble()),
                    Integer.toString(type.path("gaps").asInt()),
                    type.path("reason").asText()));
        }
        terminal.out().println();
        List<String> lines = StatusCommand.aligned(rows);
        for (int i = 0; i < lines.size(); i++) {
            boolean isGap = i > 0 && rows.get(i).get(1).equals(GAP);
            terminal.out().println(isGap ? terminal.removed(lines.get(i)) : lines.get(i));
        }
    }

    /** A line for each node, and for each thing that it could not record; none if there never was an agent. */
    private void nodes() {
        if (status.path("nodes").isEmpty()) {
            return;
        }
        terminal.out().println();
        terminal.out().println("Nodes:");
        for (JsonNode node : status.path("nodes")) {
            terminal.out()
                    .println("  " + node.path("node").asText() + ": "
                            + (node.has("lastHeard")
                                    ? "last heard of " + MomentText.ago(instant(node, "lastHeard"), now)
                                    : "its agent was not heard of in that time"));
            for (JsonNode loss : node.path("notRecorded")) {
                long events = loss.path("events").asLong();
                terminal.out()
                        .println("    not recorded: " + loss.path("what").asText()
                                + (events > 0 ? " (" + events + " events)" : ""));
            }
        }
    }

    private static Instant instant(JsonNode of, String field) {
        return Instant.parse(of.path(field).asText());
    }

    private static String age(Instant time, Instant now) {
        Duration age = Duration.between(time, now);
        return MomentText.duration(age.isNegative() ? Duration.ZERO : age);
    }

    /** Rounded down: 100 % is said only of what is. */
    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", Math.floor(share * 1000) / 10);
    }
}
