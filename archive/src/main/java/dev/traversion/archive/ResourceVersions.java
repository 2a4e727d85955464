/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/** The order of resourceVersions: that of unsigned decimal numbers of any length. */
public final class ResourceVersions {

    private ResourceVersions() {}

    /**
     * Compares two versions of one type. Versions that are not decimal numbers have no order but that of observation, so a pair
     * with one of them compares as equal: sort with a stable sort.
     */
    public static int compare(String left, String right) {
        if (!isNumeric(left) || !isNumeric(right)) {
            return 0;
        }
        int leftStart = leadingZeros(left);
        int rightStart = leadingZeros(right);
        int leftLength = left.length() - leftStart;
        int rightLength = right.length() - rightStart;
        if (leftLength != rightLength) {
            return Integer.compare(leftLength, rightLength);
        }
        for (int i = 0; i < leftLength; i++) {
            int difference = left.charAt(leftStart + i) - right.charAt(rightStart + i);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    /** Whether it is an unsigned decimal number, as those of every API server backed by etcd are. */
    public static boolean isNumeric(String resourceVersion) {
        for (int i = 0; i < resourceVersion.length(); i++) {
            char c = resourceVersion.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return !resourceVersion.isEmpty();
    }

    private static int leadingZeros(String digits) {
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return zeros;
    }
}
