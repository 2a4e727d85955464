/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Keeps what was used last, up to a weight. What is dropped stays valid for whoever holds it. Safe for concurrent use; each value
 * is loaded by one thread while others wait for it.
 */
final class BoundedCache<K, V> {

    private final long limit;
    private final ToLongFunction<V> weight;
    private final LinkedHashMap<K, CompletableFuture<V>> values = new LinkedHashMap<>(16, 0.75f, true);
    private long total;

    BoundedCache(long limit, ToLongFunction<V> weight) {
        this.limit = limit;
        this.weight = weight;
    }

    V get(K key, Supplier<V> loader) {
        CompletableFuture<V> value;
        boolean mine;
        synchronized (values) {
            value = values.get(key);
            mine = value == null;
            if (mine) {
                value = new CompletableFuture<>();
                values.put(key, value);
            }
        }
        if (mine) {
            load(key, value, loader);
        }
        try {
            return value.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void load(K key, CompletableFuture<V> value, Supplier<V> loader) {
        try {
            V loaded = loader.get();
            value.complete(loaded);
            synchronized (values) {
                if (values.containsKey(key)) {
                    total += weight.applyAsLong(loaded);
                    trim(key);
                }
            }
        } catch (RuntimeException | Error e) {
            synchronized (values) {
                values.remove(key, value);
            }
            value.completeExceptionally(e);
        }
    }

    /** Drops the values longest unused, but neither the one just loaded nor those still loading. */
    private void trim(K newest) {
        Iterator<Map.Entry<K, CompletableFuture<V>>> oldest = values.entrySet().iterator();
        while (total > limit && oldest.hasNext()) {
            Map.Entry<K, CompletableFuture<V>> entry = oldest.next();
            CompletableFuture<V> value = entry.getValue();
            if (!entry.getKey().equals(newest) && value.isDone() && !value.isCompletedExceptionally()) {
                total -= weight.applyAsLong(value.join());
                oldest.remove();
            }
        }
    }

    void clear() {
        synchronized (values) {
            values.clear();
            total = 0;
        }
    }

    /** Weight of what is held. */
    long total() {
        synchronized (values) {
            return total;
        }
    }
}
