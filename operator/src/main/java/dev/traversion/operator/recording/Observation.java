/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.operator.store.StoreState;
import java.util.List;

/**
 * What was seen of a recording and its workloads.
 *
 * @param store whether its place can be reached
 * @param recorders how many are wanted, and are ready
 * @param isReplacing whether recorders are just being replaced, because what they run with was changed
 * @param rewinds how many servers of the past are wanted, and are ready
 * @param nodes the agents
 * @param trouble why Pods do not start, a sentence each
 * @param conflicts what of its masking rules is ignored, a sentence each
 * @param policies how many policies are in force
 */
record Observation(
        StoreState store,
        Count recorders,
        boolean isReplacing,
        Count rewinds,
        Nodes nodes,
        List<String> trouble,
        List<String> conflicts,
        int policies) {

    /**
     * The agents on the nodes.
     *
     * @param agents how many are wanted, and are ready
     * @param made how many Pods there are
     * @param trouble why they do not start, a sentence each
     * @param problems what agents that run cannot record, a sentence each
     */
    record Nodes(Count agents, int made, List<String> trouble, List<String> problems) {

        /** Nobody asked for them. */
        static final Nodes NONE = new Nodes(new Count(0, 0), 0, List.of(), List.of());
    }

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
