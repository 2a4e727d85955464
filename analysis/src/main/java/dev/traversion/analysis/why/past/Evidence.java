/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

/**
 * Something a person can look up.
 *
 * @param version the object that shows it
 * @param at when it was so, ns
 */
public record Evidence(Type type, Version version, long at, String text) {

    /** Where it stands. */
    public enum Type {
        VERSION,
        EVENT,
        CONDITION,
        KERNEL
    }

    /** That an object was so. */
    public static Evidence version(Version version, String text) {
        return new Evidence(Type.VERSION, version, version.at(), text);
    }
}
