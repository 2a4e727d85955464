/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.archive.Recorders;
import dev.traversion.archive.members.Member;
import dev.traversion.archive.members.Membership;
import dev.traversion.archive.seal.WriterClaim.Holder;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who writes a recording that several share. */
final class RecordersText {

    private RecordersText() {}

    /** A table of the recorders. Times are those of their clocks. */
    static List<String> lines(Recorders recorders, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RECORDER", "RESOURCES", "LAST BEAT", "SINCE", "COMMITS"));
        for (Member member : recorders.members()) {
            Optional<Holder> committer =
                    recorders.committer().filter(holder -> holder.member().equals(member.id()));
            Duration silence = Duration.between(Instant.parse(member.beat().time()), now);
            rows.add(List.of(
                    member.id().writer(),
                    Integer.toString(member.beat().claims().size()),
                    MomentText.duration(silence.isNegative() ? Duration.ZERO : silence),
                    MomentText.full(Instant.parse(member.beat().since())),
                    committer
                            .map(holder -> "since " + MomentText.full(Instant.parse(holder.time())) + ", number "
                                    + holder.epoch())
                            .orElse("")));
        }
        List<String> lines = new ArrayList<>(StatusCommand.aligned(rows));
        lines.addFirst("");
        return lines;
    }

    static void write(JsonGenerator document, Recorders recorders) throws IOException {
        if (recorders.committer().isPresent()) {
            Holder holder = recorders.committer().get();
            document.writeObjectFieldStart("committer");
            document.writeStringField("recorder", holder.writer());
            document.writeNumberField("number", holder.epoch());
            document.writeStringField("since", holder.time());
            document.writeBooleanField("shared", holder.shared());
            document.writeEndObject();
        }
        document.writeArrayFieldStart("recorders");
        for (Member member : recorders.members()) {
            document.writeStartObject();
            document.writeStringField("recorder", member.id().writer());
            document.writeStringField("since", member.beat().since());
            document.writeStringField("lastBeat", member.beat().time());
            document.writeArrayFieldStart("resources");
            for (Object type : Membership.types(member.beat())) {
                document.writeString(type.toString());
            }
            document.writeEndArray();
            document.writeEndObject();
        }
        document.writeEndArray();
    }
}
