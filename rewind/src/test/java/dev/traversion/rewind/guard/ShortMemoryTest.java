/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ShortMemoryTest {

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void anAnswerIsTrueForTenSecondsAndNoLonger() {
        ShortMemory<String, Integer> memory = new ShortMemory<>(10, time::get);

        assertThat(memory.get("a", asked::incrementAndGet)).isEqualTo(1);
        time.addAndGet(ShortMemory.NANOS - 1);
        assertThat(memory.get("a", asked::incrementAndGet)).isEqualTo(1);
        time.addAndGet(1);
        assertThat(memory.get("a", asked::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void anAnswerIsAsOldAsItsQuestion() {
        ShortMemory<String, Integer> memory = new ShortMemory<>(10, time::get);

        memory.get("a", () -> {
            time.addAndGet(ShortMemory.NANOS);
            return asked.incrementAndGet();
        });
        assertThat(memory.get("a", asked::incrementAndGet)).isEqualTo(2);
    }

    @Test
    void aFailureIsNotRemembered() {
        ShortMemory<String, Integer> memory = new ShortMemory<>(10, time::get);

        assertThatThrownBy(() -> memory.get("a", () -> {
                    throw new IllegalStateException("away");
                }))
                .hasMessage("away");
        assertThat(memory.get("a", asked::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void itsSizeIsBounded() {
        ShortMemory<Integer, Integer> memory = new ShortMemory<>(10, time::get);
        for (int i = 0; i < 1000; i++) {
            memory.get(i, asked::incrementAndGet);
        }
        assertThat(memory.size()).isEqualTo(10);
        assertThat(memory.get(999, asked::incrementAndGet)).isEqualTo(1000);
    }
}
