/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.attribution;

import java.nio.charset.StandardCharsets;

/** The pod and the container of a control group, as they are stored: UTF-8, empty where there is none. */
public final class Container {

    /** Of what belongs to the node itself. */
    public static final Container NONE = new Container("", "");

    private final byte[] podUid;
    private final byte[] containerId;

    Container(String podUid, String containerId) {
        this.podUid = podUid.getBytes(StandardCharsets.UTF_8);
        this.containerId = containerId.getBytes(StandardCharsets.UTF_8);
    }

    /** Not to be changed. */
    public byte[] podUid() {
        return podUid;
    }

    /** Not to be changed. */
    public byte[] containerId() {
        return containerId;
    }

    /** For people. */
    @Override
    public String toString() {
        return new String(podUid, StandardCharsets.UTF_8) + "/" + new String(containerId, StandardCharsets.UTF_8);
    }
}
