/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Resources;
import dev.traversion.crds.S3Spec;
import dev.traversion.operator.store.StoreAccess;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the Pods of a recording have in common. */
final class Pods {

    static final String STATE = "/var/lib/traversion";
    private static final String AUTHORITIES = "/etc/traversion/ca";
    private static final long USER = 65532;

    private Pods() {}

    /** As the Pod security standard "restricted" asks. */
    static PodSecurityContext restricted() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    static SecurityContext restrictedContainer() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    /** @param given null for none */
    static ResourceRequirements resources(Resources given) {
        return new ResourceRequirementsBuilder()
                .withRequests(given == null ? null : given.requests())
                .withLimits(given == null ? null : given.limits())
                .build();
    }

    /**
     * What a process is told of its bucket, and where it may write.
     *
     * @param s3 null if the recording is on a volume
     */
    static List<EnvVar> environment(S3Spec s3) {
        return environment(s3, s3 == null ? null : s3.credentialsSecret());
    }

    /** @param credentialsSecret null if the bucket is reached by the identity of the Pods */
    static List<EnvVar> environment(S3Spec s3, String credentialsSecret) {
        List<EnvVar> variables = new ArrayList<>();
        variables.add(variable("HOME", STATE));
        variables.add(variable("XDG_STATE_HOME", STATE));
        variables.add(variable("XDG_CACHE_HOME", "/tmp"));
        if (s3 == null) {
            return variables;
        }
        new TreeMap<>(StoreAccess.variables(s3)).forEach((name, value) -> variables.add(variable(name, value)));
        if (s3.caSecret() != null) {
            variables.add(variable("AWS_CA_BUNDLE", AUTHORITIES + "/" + StoreAccess.AUTHORITIES));
        }
        if (credentialsSecret != null) {
            for (String key : StoreAccess.CREDENTIALS) {
                variables.add(new EnvVarBuilder()
                        .withName(key)
                        .withNewValueFrom()
                        .withNewSecretKeyRef(key, credentialsSecret, null)
                        .endValueFrom()
                        .build());
            }
        }
        return variables;
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    static Volume emptyDirectory(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    /** @param most whoever puts more there is evicted */
    static Volume emptyDirectory(String name, Quantity most) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(most)
                .endEmptyDir()
                .build();
    }

    /** Mounts what a store needs in Pods: the authorities of its endpoint. */
    static List<VolumeMount> storeMounts(S3Spec s3) {
        return s3 == null || s3.caSecret() == null ? List.of() : List.of(mount("ca", AUTHORITIES, true));
    }

    /** The volumes of {@link #storeMounts}. */
    static List<Volume> storeVolumes(S3Spec s3) {
        return s3 == null || s3.caSecret() == null ? List.of() : List.of(secret("ca", s3.caSecret()));
    }

    /** Readable by the group that the Pod runs as, and by nobody else: the recorder refuses more for its key. */
    static Volume secret(String name, String secretName) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secretName)
                .withDefaultMode(0440)
                .endSecret()
                .build();
    }

    static VolumeMount mount(String name, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(readOnly ? true : null)
                .build();
    }
}
