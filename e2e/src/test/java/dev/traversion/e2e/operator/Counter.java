/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import dev.traversion.e2e.cluster.Kubectl;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts in a config map of its own, all the time, until it is closed. */
final class Counter implements AutoCloseable {

    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;

    /** @param name of the config map, which is made */
    Counter(Kubectl kubectl, String name) {
        kubectl.output("create", "configmap", name, "--from-literal=n=0");
        thread = Thread.ofPlatform().name("counter").start(() -> {
            while (!closed.get()) {
                String next = Integer.toString(count.get() + 1);
                kubectl.output("patch", "configmap", name, "--type=merge", "-p", "{\"data\":{\"n\":\"" + next + "\"}}");
                count.incrementAndGet();
            }
        });
    }

    /** How far it came. */
    int last() {
        return count.get();
    }

    @Override
    public void close() {
        closed.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
