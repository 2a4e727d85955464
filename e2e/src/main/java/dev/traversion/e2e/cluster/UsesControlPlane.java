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
 * These tests need a control plane which they may break, and are skipped where none can be had. A parameter of type {@link ControlPlane}
 * gives each test (or a test class, if the constructor or a @BeforeAll method asks for it) one of its own.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(ControlPlaneExtension.class)
public @interface UsesControlPlane {}
