/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Answers that are true for ten seconds, counted from when they were asked for. Bounded. Safe for concurrent use. */
final class ShortMemory<K, V> {

    static final long NANOS = 10_000_000_000L;

    private record Remembered<V>(V value, long askedAt) {}

    private final LongSupplier nanoTime;
    private final Map<K, Remembered<V>> answers;

    ShortMemory(int most, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.answers = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Remembered<V>> eldest) {
                return size() > most;
            }
        };
    }

    /** What is remembered, else what {@code ask} says; what it throws is not remembered. */
    V get(K key, Supplier<V> ask) {
        long now = nanoTime.getAsLong();
        synchronized (answers) {
            Remembered<V> known = answers.get(key);
            if (known != null && now - known.askedAt < NANOS) {
                return known.value;
            }
        }
        V value = ask.get();
        synchronized (answers) {
            answers.put(key, new Remembered<>(value, now));
        }
        return value;
    }

    int size() {
        synchronized (answers) {
            return answers.size();
        }
    }
}
