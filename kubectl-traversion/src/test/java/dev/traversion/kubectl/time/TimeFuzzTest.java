/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.FuzzTargets;
import java.nio.charset.StandardCharsets;

class TimeFuzzTest implements FuzzTargets {

    @FuzzTest
    void anyTimeIsReadOrRefusedInASentence(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            assertThat(TimeParser.parse(text)).isEqualTo(TimeParser.parse(text));
        } catch (TraversionException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            assertThat(TimeParser.parseRange(text)).isNotNull();
        } catch (TraversionException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        try {
            assertThat(TimeParser.parseDuration(text)).isNotNull();
        } catch (TraversionException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
