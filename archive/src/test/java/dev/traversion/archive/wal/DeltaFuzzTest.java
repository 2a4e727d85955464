/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.encoding.ByteSink;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.fuzzing.Memory;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

class DeltaFuzzTest implements FuzzTargets {

    private final Delta delta = new Delta();

    @FuzzTest
    void anyBodyComesBackFromAnyOther(byte[] input) {
        Choices choices = new Choices(input);
        byte[] base = choices.bytes(2_000);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (!choices.isSpent() && body.size() < 20_000) {
            if (choices.yes()) {
                body.writeBytes(choices.bytes(40));
            } else {
                int from = choices.below(base.length + 1);
                body.write(base, from, choices.below(base.length - from + 1));
            }
        }
        ByteSink operations = new ByteSink(16);
        delta.encode(base, base.length, body.toByteArray(), operations);
        byte[] encoded = Arrays.copyOf(operations.array(), operations.length());
        assertThat(decode(base, encoded)).isEqualTo(body.toByteArray());
    }

    @FuzzTest
    void noOperationsAskForMoreThanABlock(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        byte[] base = choices.bytes(300);
        byte[] operations = choices.rest();
        Memory.atMost(SegmentFormat.LARGEST_BLOCK + (1 << 20), () -> {
            try {
                decode(base, operations);
            } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
                assertThat(e).as("no encoder wrote that").isNotNull();
            }
        });
    }

    private static byte[] decode(byte[] base, byte[] operations) {
        int length = Delta.length(base.length, new ByteSource(ByteBuffer.wrap(operations)));
        return Delta.decode(base, new ByteSource(ByteBuffer.wrap(operations)), length);
    }
}
