/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.denial.Denial;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class SealFuzzTest implements FuzzTargets {

    private static final List<Class<?>> DOCUMENTS =
            List.of(Seal.class, Removal.class, RepairRecord.class, Pin.class, Denial.class);

    @FuzzTest
    void anyBytesAreADocumentOrRefused(byte[] input) throws IOException {
        for (Class<?> document : DOCUMENTS) {
            try {
                assertThat(StoredJson.read(input, document)).isNotNull();
            } catch (JacksonException e) {
                assertThat(e.getOriginalMessage()).isNotEmpty();
            }
        }
    }

    @FuzzTest
    void aSealWithAnotherByteOrWithoutItsEndIsRefusedOrTheSame(byte[] input) throws IOException {
        Choices choices = new Choices(input);
        List<SealedFile> files = new ArrayList<>();
        for (int i = choices.below(4); i > 0; i--) {
            files.add(new SealedFile(choices.text(20), choices.number(), choices.text(8)));
        }
        Seal seal = new Seal(
                "1.0",
                choices.below(1 << 20),
                choices.text(8),
                choices.text(20),
                files,
                Map.of(choices.text(8), choices.text(8)),
                choices.yes() ? List.of() : files);
        byte[] written = StampedJson.stamp(new ObjectMapper().writeValueAsString(seal));
        assertThat(StoredJson.read(StampedJson.check(written, "it"), Seal.class))
                .as("as it was written")
                .isEqualTo(seal);

        byte[] damaged = choices.yes() ? Arrays.copyOf(written, choices.below(written.length)) : written.clone();
        if (damaged.length == written.length) {
            damaged[choices.below(damaged.length)] ^= (byte) (1 + choices.below(255));
        }
        try {
            assertThat(StoredJson.read(StampedJson.check(damaged, "it"), Seal.class))
                    .isEqualTo(seal);
        } catch (JacksonException | TraversionException e) {
            assertThat(e).as("refused").hasMessageNotContaining("null");
        }
    }
}
