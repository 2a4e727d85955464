/* SPDX-License-Identifier: Apache-2.0 */
/** The operator that reconciles the custom resources. */
package dev.traversion.operator;
