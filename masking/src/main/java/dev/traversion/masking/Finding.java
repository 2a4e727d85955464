/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

/**
 * What a detector found in a text.
 *
 * @param start in characters
 * @param end exclusive
 * @param kind what it is, as part of the field that its token is for
 * @param replacement what stands there instead; null for a token
 */
record Finding(int start, int end, String kind, String replacement) {

    static Finding secret(int start, int end, String kind) {
        return new Finding(start, end, kind, null);
    }
}
