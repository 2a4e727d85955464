/* SPDX-License-Identifier: Apache-2.0 */
/** Replaces secret values by keyed tokens before anything reaches the recording. */
package dev.traversion.masking;
