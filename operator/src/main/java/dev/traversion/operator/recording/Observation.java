/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.operator.store.StoreState;
import java.util.List;

/**
 * What was seen of a recording and its workloads.
 *
 * @param store whether its place can be reached
 * @param recorders how many are wanted, and are ready
 * @param rewinds how many servers of the past are wanted, and are ready
 * @param trouble why Pods do not start, a sentence each
 * @param conflicts what of its masking rules is ignored, a sentence each
 * @param policies how many policies are in force
 */
record Observation(
        StoreState store, Count recorders, Count rewinds, List<String> trouble, List<String> conflicts, int policies) {

    /** Pods of a workload. */
    record Count(int wanted, int ready) {

        boolean isComplete() {
            return ready >= wanted;
        }

        @Override
        public String toString() {
            return ready + " of " + wanted;
        }
    }
}
