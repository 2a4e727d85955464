/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.util.List;

/**
 * The log of one start of a container.
 *
 * @param files oldest first, compressed ones not among them; the last is the one that is written to
 * @param isLonger whether there are compressed ones, which are older
 */
record ContainerLog(Key key, String namespace, String pod, List<LogFile> files, boolean isLonger) {

    /**
     * Names it for good.
     *
     * @param restart how often the container had been started before
     */
    record Key(String podUid, String container, long restart) {}

    /** For people. */
    String name() {
        return namespace + "/" + pod + "/" + key.container();
    }
}
