/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsStreamTest {

    private final DnsStream stream = new DnsStream();
    private final List<Integer> found = new ArrayList<>();

    @Test
    void messagesAreFoundHoweverSegmentsCutThem() {
        Random random = new Random(Seed.take());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Integer> sent = new ArrayList<>();
        for (int id = 0; id < 300; id++) {
            all.writeBytes(message(id, 12 + random.nextInt(id % 10 == 0 ? 5000 : 90)));
            sent.add(id);
        }
        byte[] bytes = all.toByteArray();
        // Sequence numbers go on from 0 after the greatest.
        int sequence = -bytes.length / 2;
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 1400));
            segment(sequence + at, Arrays.copyOfRange(bytes, at, at + length), length);
            if (random.nextInt(5) == 0) {
                // Sent again.
                segment(sequence + at, Arrays.copyOfRange(bytes, at, at + length), length);
            }
            at += length;
        }
        assertThat(found).isEqualTo(sent);
        assertThat(stream.isBlind()).isFalse();
    }

    @Test
    void afterALossTheNextMessageThatBeginsASegmentIsFound() {
        segment(1000, message(1, 100), 102);
        segment(1500, message(2, 100), 102);
        assertThat(found).containsExactly(1, 2);
        assertThat(stream.isBlind()).isTrue();
    }

    @Test
    void whatIsNotThereOfALongSegmentMakesBlind() {
        byte[] first = message(1, 4000);
        segment(0, first, 5000);
        assertThat(stream.isBlind()).isTrue();
        segment(5000, message(2, 20), 22);
        assertThat(found).containsExactly(1, 2);
    }

    private void segment(int sequence, byte[] there, int length) {
        stream.segment(1, sequence, there, length, (head, rest, at) -> {
            found.add(DnsStream.big(head, 2));
            return true;
        });
    }

    private static byte[] message(int id, int length) {
        byte[] message = new byte[2 + length];
        message[0] = (byte) (length >> 8);
        message[1] = (byte) length;
        message[2] = (byte) (id >> 8);
        message[3] = (byte) id;
        return message;
    }
}
