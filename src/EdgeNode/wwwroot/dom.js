/** Makes an element; true and false are attributes that are there or not. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value === true)
      element.setAttribute(key, '');
    else if (value !== false)
      element.setAttribute(key, value);
  element.append(...children);
  return element;
}
