/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

/**
 * A kind in whatever version.
 *
 * @param group {@code ""} for the core group
 */
record KindName(String group, String kind) implements Comparable<KindName> {

    static KindName of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return new KindName(slash < 0 ? "" : apiVersion.substring(0, slash), kind);
    }

    /** {@code v1} of {@code apps/v1}. */
    static String version(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    @Override
    public int compareTo(KindName other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : kind.compareTo(other.kind);
    }

    @Override
    public String toString() {
        return group.isEmpty() ? kind : kind + "." + group;
    }
}
