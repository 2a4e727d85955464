/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * These tests need a Kubernetes, and are skipped where none can be had. Parameters of type {@link Cluster}, {@link Kubectl} and
 * {@link Namespace} give access to it.
 *
 * <p>It is, in this order: what TRAVERSION_KUBECONFIG names; a K3s under Docker, if an engine runs and has an image of it; this machine
 * (./traversion cluster). One is shared by the whole run, one test class at a time, and stopped at its end only if the run has started it.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(ClusterExtension.class)
@ResourceLock("cluster")
public @interface UsesCluster {

    /** Whether the tests run pods, for which the nodes must hold the image {@link Cluster#ACTOR}. */
    boolean images() default false;
}
