/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.testing.MemorySource;
import dev.traversion.archive.testing.PartSealer;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class PartFuzzTest implements FuzzTargets {

    @TempDir
    private Path directory;

    /** Versions with bodies of any bytes, JSON or not, are what they were at any moment. */
    @FuzzTest
    void everyVersionComesBack(byte[] input) throws IOException {
        Choices choices = new Choices(input);
        List<Change> changes = new ArrayList<>();
        long time = 1;
        while (!choices.isSpent() && changes.size() < 100) {
            time += 1 + choices.below(5);
            ObjectKey key = new ObjectKey(
                    new ResourceType(choices.of(List.of("", "a.b")), choices.of(List.of("pods", "things"))),
                    choices.of(List.of("", "a", "a-b")),
                    "n" + choices.below(5));
            changes.add(new Change(
                    key,
                    choices.text(2),
                    choices.text(2),
                    Long.toString(time),
                    time,
                    choices.of(List.of(Operation.values())),
                    body(choices)));
        }
        if (changes.isEmpty()) {
            return;
        }
        PartFile part = new PartSealer(directory).seal(changes);
        PartReader reader =
                PartReader.open(directory.resolve(part.path()), part.path(), new PartCaches(4 << 20, 4 << 20));
        MemorySource model = new MemorySource(changes);
        for (Change change : changes) {
            ObjectVersion found = reader.last(change.key(), change.observedAt()).orElseThrow();
            assertThat(found.body()).isEqualTo(change.body());
            assertThat(found.operation()).isEqualTo(change.operation());
            assertThat(found.validTo())
                    .isEqualTo(model.last(change.key(), change.observedAt())
                            .orElseThrow()
                            .validTo());
        }
        Files.delete(directory.resolve(part.path()));
    }

    private static byte[] body(Choices choices) {
        byte[] any = choices.bytes(60);
        String managed = "\"managedFields\":[{\"manager\":\"m\",\"operation\":\"Update\"}]";
        String text = new String(any, StandardCharsets.UTF_8);
        return switch (choices.below(5)) {
            case 0 -> any;
            case 1 -> ("{\"metadata\":{" + managed + "}}").getBytes(StandardCharsets.UTF_8);
            case 2 -> ("{\"metadata\":{\"name\":\"a\"," + managed + "," + text + "}}").getBytes(StandardCharsets.UTF_8);
            case 3 -> ("{\"a\":" + text + ",\"metadata\":{" + text + managed + "}}").getBytes(StandardCharsets.UTF_8);
            default -> new byte[0];
        };
    }
}
