/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * These tests need an object store, and are skipped where none can be had. A parameter of type {@link ObjectStore} gives access to it.
 *
 * <p>It is what TRAVERSION_MINIO_ENDPOINT, TRAVERSION_MINIO_ACCESS_KEY and TRAVERSION_MINIO_SECRET_KEY name, or the MinIO of
 * ./traversion cluster. One is shared by the whole run, and stopped at its end only if the run has started it.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(ObjectStoreExtension.class)
public @interface UsesObjectStore {}
