/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.Times;
import dev.traversion.archive.retention.Pin;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl traversion pins}. */
@Command(
        name = "pins",
        sortOptions = false,
        description = {"List the pins of a recording: what retention keeps, and why.", ""})
final class PinsCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Optional<ClusterPast> server = inCluster(recording, Kubeconfigs.of("", System.getenv()), "");
        List<Pin> pins = server.isPresent() ? served(server.get().pins()) : stored();
        if (!output.isText()) {
            try (JsonGenerator document = output.open(terminal)) {
                Documents.write(document, pins, PinsCommand::document);
            }
            terminal.out().println();
            return 0;
        }
        if (pins.isEmpty()) {
            terminal.out().println("No pins.");
        }
        for (Pin pin : pins) {
            terminal.out()
                    .println((terminal.bold(pin.name()) + "  " + MomentText.full(Times.instant(pin.from())) + " to "
                                    + MomentText.full(Times.instant(pin.to()))
                                    + (pin.hold() ? "  legal hold  " : "  ")
                                    + pin.reason())
                            .strip());
        }
        if (server.isPresent()) {
            terminal.note("In the cluster, Snapshots make pins: kubectl get snapshots.traversion.dev");
        }
        return 0;
    }

    private List<Pin> stored() throws IOException {
        String place = recording.location(state());
        try (OpenRecording opened = new OpenRecording(place, recording.cluster())) {
            return opened.history().files().pins();
        }
    }

    private static List<Pin> served(JsonNode pins) {
        List<Pin> all = new ArrayList<>();
        for (JsonNode pin : pins) {
            all.add(new Pin(
                    pin.path("name").asText(),
                    Times.nanos(Instant.parse(pin.path("from").asText())),
                    Times.nanos(Instant.parse(pin.path("to").asText())),
                    pin.path("reason").asText(),
                    pin.path("created").asText(),
                    pin.path("hold").asBoolean()));
        }
        return all;
    }

    private static ObjectNode document(Pin pin) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", pin.name())
                .put("from", Times.instant(pin.from()).toString())
                .put("to", Times.instant(pin.to()).toString())
                .put("hold", pin.hold())
                .put("reason", pin.reason())
                .put("created", pin.created());
    }
}
