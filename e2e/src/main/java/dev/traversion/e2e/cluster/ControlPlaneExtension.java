/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the tests of {@link UsesControlPlane} one each. */
final class ControlPlaneExtension implements ExecutionCondition, ParameterResolver {

    private static final ExtensionContext.Namespace STORE =
            ExtensionContext.Namespace.create(ControlPlaneExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return SharedParts.controlPlaneObstacles(context)
                .map(reason -> ConditionEvaluationResult.disabled("No control plane: " + reason))
                .orElseGet(() -> ConditionEvaluationResult.enabled("a control plane can be started"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The context's end closes it.
        return context.getStore(STORE)
                .computeIfAbsent(ControlPlane.class, key -> ControlPlane.start(), ControlPlane.class);
    }
}
