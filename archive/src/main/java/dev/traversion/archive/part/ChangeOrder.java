/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import java.util.Arrays;

/** Rows of several row groups, to be put in the order of time. */
final class ChangeOrder {

    private long[] times = new long[256];
    private long[] places = new long[256];
    private int size;

    void add(long time, int group, int row) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            places = Arrays.copyOf(places, size * 2);
        }
        times[size] = time;
        places[size] = ((long) group << Integer.SIZE) | row;
        size++;
    }

    void sort() {
        long[] sorted = Arrays.copyOf(times, size);
        Arrays.sort(sorted);
        long[] ordered = new long[size];
        boolean[] taken = new boolean[size];
        for (int i = 0; i < size; i++) {
            int at = Arrays.binarySearch(sorted, times[i]);
            // equal times are rare; they keep the order of rows
            while (at > 0 && sorted[at - 1] == times[i]) {
                at--;
            }
            while (taken[at]) {
                at++;
            }
            taken[at] = true;
            ordered[at] = places[i];
        }
        places = ordered;
    }

    int size() {
        return size;
    }

    int group(int i) {
        return (int) (places[i] >>> Integer.SIZE);
    }

    int row(int i) {
        return (int) places[i];
    }
}
