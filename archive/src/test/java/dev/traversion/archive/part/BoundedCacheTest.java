/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {

    private final BoundedCache<String, String> cache = new BoundedCache<>(10, String::length);
    private final AtomicInteger loads = new AtomicInteger();

    private String get(String key, String value) {
        return cache.get(key, () -> {
            loads.incrementAndGet();
            return value;
        });
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() {
        get("a", "1234");
        get("b", "1234");
        get("a", "1234");
        get("c", "1234");
        assertThat(loads).hasValue(3);
        assertThat(cache.total()).isEqualTo(8);
        get("a", "1234");
        assertThat(loads).hasValue(3);
        get("b", "1234");
        assertThat(loads).hasValue(4);
    }

    @Test
    void valueLargerThanAllIsServedAndThenDropped() {
        assertThat(get("large", "123456789012345")).hasSize(15);
        get("a", "1");
        assertThat(cache.total()).isEqualTo(1);
        cache.clear();
        assertThat(cache.total()).isZero();
    }

    @Test
    void failedLoadIsTriedAgain() {
        assertThatThrownBy(() -> cache.get("a", () -> {
                    throw new TraversionException("damaged");
                }))
                .isInstanceOf(TraversionException.class)
                .hasMessage("damaged");
        assertThat(get("a", "1")).isEqualTo("1");
    }

    @Test
    void oneThreadLoadsWhileOthersWait() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < 1000; round++) {
                    get("key " + round, "");
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(loads).hasValue(1000);
    }
}
