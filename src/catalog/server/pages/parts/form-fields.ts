import { html } from 'hono/html'
import { icon } from './icons.ts'
import type { Html } from './markup.ts'

export interface FieldInit {
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly problem?: string | undefined
  readonly value?: string | undefined
  readonly isRequired?: boolean | undefined
  /** Whether it is one of several of which one is required. */
  readonly isAlternative?: boolean | undefined
  readonly maxLength?: number | undefined
}

export interface TextInit extends FieldInit {
  readonly type?: 'text' | 'email' | 'password' | undefined
  readonly autocomplete?: string | undefined
  readonly suggestions?: readonly { readonly id: string; readonly name: string }[] | undefined
}

export function textField({ type = 'text', autocomplete = 'off', suggestions, ...field }: TextInit): Html {
  const listId = suggestions && `${field.name}-choices`
  return around(
    field,
    html`<input type="${type}" ${attributes(field)} value="${field.value ?? ''}" autocomplete="${autocomplete}"${listId && html` list="${listId}"`} dir="auto">
${suggestions && html`<datalist id="${listId}">${suggestions.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</datalist>`}`,
  )
}

export function textArea({
  isShort = false,
  ...field
}: FieldInit & { readonly isShort?: boolean | undefined }): Html {
  return around(
    field,
    html`<textarea ${attributes(field)}${isShort ? html` class="short"` : ''} dir="auto">
${field.value ?? ''}</textarea>`,
  )
}

export function choiceField({
  choices,
  ...field
}: FieldInit & { readonly choices: readonly { readonly id: string; readonly name: string }[] }): Html {
  return around(
    field,
    html`<select ${attributes(field)}>${field.value ? '' : html`<option value="">Choose …</option>`}${choices.map(
      ({ id, name }) =>
        html`<option value="${id}"${id === field.value ? html` selected` : ''}>${name}</option>`,
    )}</select>`,
  )
}

export function fileField({ accept, ...field }: FieldInit & { readonly accept: string }): Html {
  return around(field, html`<input type="file" ${attributes(field)} accept="${accept}">`)
}

/** The label, what to write, and what is wrong, tied to the field for those who hear it. */
function around({ name, label, hint, problem, isRequired, isAlternative }: FieldInit, input: Html): Html {
  return html`<div class="field"><label for="${name}">${label}${isRequired || isAlternative ? '' : html` <span class="soft small">(optional)</span>`}</label>
${input}
${problem && html`<p class="error" id="${name}-problem">${icon('alert')}<span>${problem}</span></p>`}
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}</div>`
}

function attributes({ name, hint, problem, isRequired, maxLength }: FieldInit): Html {
  const described = [problem && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ')
  return html`id="${name}" name="${name}"${described && html` aria-describedby="${described}"`}${problem && html` aria-invalid="true"`}${isRequired && html` required`}${maxLength && html` maxlength="${maxLength}"`}`
}
