/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodTroubleTest {

    @Test
    void aVolumeThatNoClassMakesIsToldWithWhatToDo() {
        Pod pod = Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: prod-recorder-0}
                status:
                  conditions:
                  - {type: PodScheduled, status: "False", message: pod has unbound immediate PersistentVolumeClaims}
                """, Pod.class);

        assertThat(PodTrouble.of(List.of(pod)))
                .singleElement()
                .asString()
                .startsWith("Pod prod-recorder-0 has no node: ")
                .contains("make one the default, or name one with storageClass");
    }

    @Test
    void aNodeThatIsFullIsNoMatterOfVolumes() {
        Pod pod = Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: prod-rewind-1}
                status:
                  conditions:
                  - {type: PodScheduled, status: "False", message: Insufficient memory}
                """, Pod.class);

        assertThat(PodTrouble.of(List.of(pod))).containsExactly("Pod prod-rewind-1 has no node: Insufficient memory.");
    }
}
